import DomainModel
import NotificationGateways
import TestSupport
import Testing

/// The session machine, driven without a socket: times and bytes handed in.
struct SessionTests {
  private static let start = FakeClock().now()

  static func segment(_ text: String = "您好", expiresAt: Timestamp? = nil) -> OutgoingSegment {
    OutgoingSegment.all(of: .sample("M1", text: text, expiresAt: expiresAt), reference: 7)[0]
  }

  private static func ticket(_ send: Int) -> SegmentTicket {
    SegmentTicket(send: send, segment: 0, messageID: "M\(send)", attempt: 1)
  }

  /// An SMPP session, and what the test plays of the provider.
  private struct Talk {
    var session: CarrierSession<SMPPDialect>
    var now = SessionTests.start

    init(_ limits: CarrierLimits = .smpp, isOpen: Bool = true) throws {
      var account = SMPPAccount(system: "anju", password: "secret")
      account.source = SMPPAddress("10690001", kind: 5, plan: 0)
      self.session = try CarrierSession(SMPPDialect(account), limits, jitter: 1, now: self.now)
      guard isOpen else { return }
      _ = try self.said()
      #expect(
        self.hear(.init(.bindAnswer(.transceiver, system: "smsc", []), sequence: 1)) == [.opened])
    }

    /// What the session has sent since.
    mutating func said() throws -> [SMPPPDU] {
      var frames = FrameBuffer(headerBytes: 16, frameBytesMax: SMPPPDU.frameBytesMax)
      frames.append(self.session.takeOutput())
      var pdus: [SMPPPDU] = []
      while let frame = try frames.next() { pdus.append(try SMPPPDU(frame: frame)) }
      return pdus
    }

    mutating func hear(_ pdu: SMPPPDU) -> [SessionEvent] {
      self.session.receive(pdu.bytes, now: self.now)
    }

    mutating func submit(_ sends: ClosedRange<Int>) -> Bool {
      self.session.submit(
        sends.map { (SessionTests.ticket($0), SessionTests.segment()) }, now: self.now)
    }

    mutating func later(_ milliseconds: Int64) -> [SessionEvent] {
      self.now = self.now.adding(milliseconds: milliseconds)
      return self.session.tick(self.now)
    }
  }

  @Test func `it binds as a transceiver and takes nothing before it is let in`() throws {
    var talk = try Talk(isOpen: false)
    let bind = SMPPBind(mode: .transceiver, system: "anju", password: "secret")
    #expect(try talk.said() == [SMPPPDU(.bind(bind), sequence: 1)])
    #expect(talk.submit(1...1) == false)
    let refused = SMPPPDU(
      .bindAnswer(.transceiver, system: nil, []), sequence: 1, status: .invalidPassword)
    #expect(talk.hear(refused) == [.closed(.loginRefused(code: "SMPP_0000000E"))])
  }

  @Test func `a login that is not answered ends, also while half an answer drips`() throws {
    var talk = try Talk(isOpen: false)
    let answer = SMPPPDU(.bindAnswer(.transceiver, system: "smsc", []), sequence: 1).bytes
    for byte in answer.prefix(9) {
      #expect(talk.session.receive([byte], now: talk.now) == [])
      #expect(talk.later(1_000) == [])
    }
    #expect(talk.later(1_000) == [.closed(.silent)])
    var other = try Talk(isOpen: false)
    #expect(other.later(9_999) == [])
    #expect(other.later(1) == [.closed(.silent)])
  }

  @Test func `never more than the window is without an answer, and the order is kept`() throws {
    var talk = try Talk()
    #expect(talk.submit(1...100) == true)
    var sent = try talk.said()
    #expect(sent.count == 32)
    #expect(talk.session.waitingCount == 68)
    var order: [Int] = []
    while let next = sent.first {
      sent.removeFirst()
      let id = String(next.sequence)
      let events = talk.hear(.init(.submitAnswer(id: id, []), sequence: next.sequence))
      for case .answered(let ticket, .taken(let taken), let sends) in events {
        order.append(ticket.send)
        #expect(taken == id && sends == 1)
      }
      sent += try talk.said()
      #expect(talk.session.inFlightCount <= 32)
    }
    #expect(order == Array(1...100))
  }

  @Test func `what a provider throttles waits, goes again, and holds the others back`() throws {
    var talk = try Talk()
    #expect(talk.submit(1...40) == true)
    let sent = try talk.said()
    for pdu in sent {
      let refusal = SMPPPDU(.submitAnswer(id: nil, []), sequence: pdu.sequence, status: .throttled)
      #expect(talk.hear(refusal) == [])
    }
    #expect(try talk.said().isEmpty)
    _ = talk.later(100)
    let again = try talk.said()
    #expect(again.count == 16, "half the window after one refusal")
    for pdu in again {
      _ = talk.hear(.init(.submitAnswer(id: "1", []), sequence: pdu.sequence, status: .ok))
    }
    // One more after as many successes as the window had.
    #expect(try talk.said().count == 16 + 1)
  }

  @Test func `a queue that stays full refuses each message after its hold`() throws {
    var talk = try Talk()
    #expect(talk.submit(1...2) == true)
    var events: [SessionEvent] = []
    for _ in 0..<400 where talk.session.waitingCount + talk.session.inFlightCount > 0 {
      for pdu in try talk.said() {
        events += talk.hear(
          .init(.submitAnswer(id: nil, []), sequence: pdu.sequence, status: .queueFull))
      }
      events += talk.later(100)
    }
    let code = SegmentAnswer.notSent(code: "SMPP_00000014")
    #expect(
      events == [
        .answered(Self.ticket(1), code, sends: 0), .answered(Self.ticket(2), code, sends: 0),
      ])
    #expect(talk.now <= Self.start.adding(milliseconds: CarrierLimits.smpp.holdMs + 200))
  }

  @Test func `a submit that is never answered is unknown, and a late answer is told`() throws {
    var talk = try Talk()
    #expect(talk.submit(1...1) == true)
    let sent = try #require(try talk.said().first)
    #expect(talk.later(9_999) == [])
    #expect(
      talk.later(1) == [.answered(Self.ticket(1), .unanswered(code: "NO_ANSWER"), sends: 1)])
    let answer = SMPPPDU(.submitAnswer(id: "77", []), sequence: sent.sequence)
    #expect(talk.hear(answer) == [.lateAnswer(Self.ticket(1), .taken(id: "77"))])
    #expect(talk.hear(answer) == [], "an answer that comes twice says nothing new")
  }

  @Test func `silence is asked about, and ends the connection`() throws {
    var talk = try Talk()
    #expect(talk.later(29_999) == [])
    #expect(try talk.said().isEmpty)
    _ = talk.later(1)
    let probe = try #require(try talk.said().first)
    #expect(probe.body == .enquireLink)
    _ = talk.hear(.init(.enquireLinkAnswer, sequence: probe.sequence))
    #expect(talk.later(30_000) == [])
    #expect(try talk.said().map(\.body) == [.enquireLink])
    // Bytes of a PDU that does not come to its end are no sign of life.
    #expect(talk.session.receive([0, 0, 0, 16, 0x80], now: talk.now) == [])
    #expect(talk.later(10_000) == [.closed(.silent)])
  }

  @Test func `a provider's probe and its goodbye are answered`() throws {
    var talk = try Talk()
    #expect(talk.submit(1...1) == true)
    _ = try talk.said()
    #expect(talk.hear(.init(.enquireLink, sequence: 900)) == [])
    #expect(try talk.said() == [SMPPPDU(.enquireLinkAnswer, sequence: 900)])
    #expect(
      talk.hear(.init(.unbind, sequence: 901)) == [
        .answered(Self.ticket(1), .unanswered(code: "CONNECTION_LOST"), sends: 1),
        .closed(.dismissed),
      ])
    #expect(try talk.said() == [SMPPPDU(.unbindAnswer, sequence: 901)])
  }

  @Test func `it leaves when what it sent is answered, and sends nothing that waits`() throws {
    var talk = try Talk()
    #expect(talk.submit(1...33) == true)
    let sent = try talk.said()
    let ended = talk.session.leave(talk.now)
    #expect(ended == [.answered(Self.ticket(33), .notSent(code: "GATEWAY_STOPPING"), sends: 0)])
    for pdu in sent { _ = talk.hear(.init(.submitAnswer(id: "1", []), sequence: pdu.sequence)) }
    let bye = try #require(try talk.said().first)
    #expect(bye.body == .unbind)
    #expect(talk.hear(.init(.unbindAnswer, sequence: bye.sequence)) == [.closed(.left)])
  }

  @Test func `a receipt is answered only when it is kept`() throws {
    var talk = try Talk()
    var message = SMPPShortMessage()
    message.kind = SMPPShortMessage.isReceipt
    message.text = Array("id:12 sub:001 dlvrd:001 stat:DELIVRD err:000 text:".utf8)
    let events = talk.hear(.init(.deliver(message), sequence: 5))
    guard case .delivery(let delivery) = events.first else {
      Issue.record("no delivery in \(events)")
      return
    }
    #expect(delivery.receipt?.id == "12" && delivery.receipt?.state == .delivered)
    #expect(try talk.said().isEmpty)
    talk.session.confirm(delivery, isKept: false)
    #expect(
      try talk.said() == [SMPPPDU(.deliverAnswer(id: ""), sequence: 5, status: .receiverNotNow)])
    _ = talk.hear(.init(.deliver(message), sequence: 6))
    talk.session.confirm(
      CarrierDelivery(sequence: 6, echo: 5, receipt: delivery.receipt), isKept: true)
    #expect(try talk.said() == [SMPPPDU(.deliverAnswer(id: ""), sequence: 6)])
  }

  @Test(
    arguments: [
      [0, 0, 0, 4], [0xFF, 0xFF, 0xFF, 0xFF], Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
      // An unknown command, one that only clients send, and a deliver_sm without fields.
      [0, 0, 0, 16, 0, 0, 0, 0x77, 0, 0, 0, 0, 0, 0, 0, 1],
      [0, 0, 0, 16, 0, 0, 0, 0x04, 0, 0, 0, 0, 0, 0, 0, 1],
      [0, 0, 0, 16, 0, 0, 0, 0x05, 0, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]])
  func `hostile bytes end the connection, with an answer for each message`(
    _ bytes: [UInt8]
  ) throws {
    var talk = try Talk()
    #expect(talk.submit(1...40) == true)
    _ = try talk.said()
    let events = talk.session.receive(bytes, now: talk.now)
    #expect(events.count == 41)
    guard case .closed(.malformed) = events.last else {
      Issue.record("ended otherwise: \(events.suffix(1))")
      return
    }
    #expect(try talk.said().map(\.body) == [.genericNack])
    #expect(talk.session.receive(bytes, now: talk.now) == [], "nothing comes after the end")
    #expect(talk.submit(1...1) == false)
  }

  @Test func `the window of CMPP is 16, and what is not answered is sent three times`() throws {
    var session = try CarrierSession(
      CMPPDialect(CMPPAccount(account: "901234", secret: "secret", source: "1069")), .cmpp,
      jitter: 1, now: Self.start)
    let login = try Self.frames(session.takeOutput())
    guard case .connect(let connect) = login.first?.body else {
      Issue.record("no connect")
      return
    }
    #expect(connect.time == 310_090_000 && connect.version == 0x20)
    let proof = try CMPPAuthenticator.gateway(
      status: 0, source: connect.authenticator, secret: "secret", .v2)
    let welcome = CMPPPDU(
      .connectAnswer(status: 0, authenticator: proof, version: 0x20), sequence: 1)
    #expect(session.receive(welcome.bytes(.v2), now: Self.start) == [.opened])
    let submitted = session.submit(
      (1...20).map { (Self.ticket($0), Self.segment()) }, now: Self.start)
    #expect(submitted)
    let first = try Self.frames(session.takeOutput())
    #expect(first.count == 16)
    var now = Self.start
    for _ in 0..<2 {
      now = now.adding(milliseconds: 60_000)
      // The four that waited longer than the hold end by themselves the first time.
      _ = session.tick(now)
      #expect(try Self.frames(session.takeOutput()) == first, "the same again, same numbers")
    }
    // The first answer of one was lost: the gateway says that it has had the number.
    let repeated = CMPPPDU(
      .submitAnswer(id: 0, .duplicateSequence), sequence: first[0].sequence)
    #expect(
      session.receive(repeated.bytes(.v2), now: now) == [
        .answered(Self.ticket(1), .unanswered(code: "CMPP_3"), sends: 3)
      ])
    let unanswered = session.tick(now.adding(milliseconds: 60_000))
    #expect(unanswered.count == 15)
  }

  @Test func `a gateway that does not prove itself is none of ours`() throws {
    var session = try CarrierSession(
      CMPPDialect(CMPPAccount(account: "901234", secret: "secret", source: "1069")), .cmpp,
      jitter: 1, now: Self.start)
    let welcome = CMPPPDU(
      .connectAnswer(status: 0, authenticator: Array(repeating: 0, count: 16), version: 0x20),
      sequence: 1)
    #expect(
      session.receive(welcome.bytes(.v2), now: Self.start) == [
        .closed(.loginRefused(code: "CMPP_GATEWAY_UNPROVED"))
      ])
  }

  private static func frames(_ bytes: [UInt8]) throws -> [CMPPPDU] {
    var buffer = FrameBuffer(headerBytes: 12, frameBytesMax: CMPPPDU.frameBytesMax)
    buffer.append(bytes)
    var pdus: [CMPPPDU] = []
    while let frame = try buffer.next() { pdus.append(try CMPPPDU(frame: frame, .v2)) }
    return pdus
  }
}

extension OutgoingMessage {
  static func sample(
    _ id: String, phone: String = "13800138000", text: String = "【浙江公安】您好",
    expiresAt: Timestamp? = nil
  ) -> OutgoingMessage {
    guard case .success(let phone) = PhoneNumber.check(phone) else {
      preconditionFailure("no phone number")
    }
    return OutgoingMessage(
      messageID: id, phone: phone, text: text, segments: SMSText.segments(of: text),
      expiresAt: expiresAt)
  }
}
