import DomainModel
import NotificationGateways

// What a carrier's provider sends: PDUs, and what a session makes of them.
extension FuzzTarget {
  /// A stream of SMPP: what can be read is written as the same bytes.
  static let smpp = FuzzTarget(name: "smpp") { input in
    try Self.frames(of: input, SMPPDialect.self) { frame in
      let read = try SMPPPDU(frame: frame)
      try FuzzFailure.unless(read.bytes == Array(frame), "an SMPP PDU changes: \(frame)")
    }
    let account = SMPPAccount(system: "anju", password: "secret")
    let answer = SMPPPDU(.bindAnswer(.transceiver, system: "", []), sequence: 1).bytes
    try Self.session(SMPPDialect(account), answer, input)
  }

  /// A stream of CMPP: what can be read is written as bytes that mean the same.
  static let cmpp = FuzzTarget(name: "cmpp") { input in
    try Self.frames(of: input, CMPPDialect.self) { frame in
      for version in CMPPVersion.allCases {
        guard let read = try? CMPPPDU(frame: frame, version) else { continue }
        let again = try CMPPPDU(frame: read.bytes(version)[...], version)
        try FuzzFailure.unless(again == read, "a CMPP PDU changes: \(frame)")
      }
    }
    var dialect = CMPPDialect(CMPPAccount(account: "901234", secret: "secret", source: "10690001"))
    let login = try dialect.login(sequence: 1, now: Self.now)
    let proof = try CMPPAuthenticator.gateway(
      status: 0, source: Array(login[18..<34]), secret: "secret", .v2)
    let answer = CMPPPDU(
      .connectAnswer(status: 0, authenticator: proof, version: CMPPVersion.v2.rawValue), sequence: 1
    )
    try Self.session(dialect, answer.bytes(.v2), input)
  }

  private static let now = Timestamp(milliseconds: 1_773_104_400_000)

  private static func frames<Dialect: CarrierDialect>(
    of input: [UInt8], _: Dialect.Type, _ look: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    var buffer = FrameBuffer(
      headerBytes: Dialect.headerBytes, frameBytesMax: Dialect.frameBytesMax)
    buffer.append(input)
    do {
      while let frame = try buffer.next() { try look(frame) }
    } catch is PDUFault {}
  }

  /// Whatever a provider says, before it has let us in or after: each message that was handed over
  /// is answered once, and what is sent back is bounded by what came in.
  private static func session<Dialect: CarrierDialect>(
    _ dialect: Dialect, _ welcome: [UInt8], _ input: [UInt8]
  ) throws {
    for isOpen in [false, true] {
      var session = try CarrierSession(dialect, .cmpp, jitter: 1, now: self.now)
      _ = session.takeOutput()
      if isOpen { _ = session.receive(welcome, now: self.now) }
      let tickets = (1...3).map {
        SegmentTicket(send: $0, segment: 0, messageID: "M\($0)", attempt: 1)
      }
      let segment = OutgoingSegment.all(of: Self.message, reference: 1)[0]
      let isTaken = session.submit(tickets.map { ($0, segment) }, now: self.now)
      try FuzzFailure.unless(isTaken == isOpen, "a session takes messages before it is open")
      _ = session.takeOutput()
      var events: [SessionEvent] = []
      for start in stride(from: 0, to: input.count, by: 7) {
        let piece = Array(input[start..<min(start + 7, input.count)])
        events += session.receive(piece, now: self.now)
      }
      let sent = session.takeOutput()
      try FuzzFailure.unless(sent.count <= 6 * input.count + 2_000, "\(sent.count) bytes back")
      events += session.lost()
      try Self.judge(events, isTaken ? tickets : [])
    }
  }

  private static func judge(_ events: [SessionEvent], _ tickets: [SegmentTicket]) throws {
    let answered = events.compactMap { event -> SegmentTicket? in
      if case .answered(let ticket, _, _) = event { ticket } else { nil }
    }
    try FuzzFailure.unless(
      answered.count == tickets.count && Set(answered) == Set(tickets),
      "answered: \(answered) of \(tickets)")
    let ends = events.indices.filter {
      if case .closed = events[$0] { true } else { false }
    }
    try FuzzFailure.unless(ends == [events.count - 1], "ends: \(ends) of \(events.count)")
  }

  private static let message: OutgoingMessage = {
    guard case .success(let phone) = PhoneNumber.check("13800138000") else {
      preconditionFailure("no phone number")
    }
    return OutgoingMessage(messageID: "M", phone: phone, text: "好", segments: ["好"])
  }()
}
