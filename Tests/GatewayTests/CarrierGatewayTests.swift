import DomainModel
import Glibc
import Logging
import NotificationGateways
import SMSC
import Synchronization
import TestSupport
import Testing
import Transport

/// Keeps what it is told, in memory.
final class Notebook: ReceiptKeeper {
  struct Refusal: Error {}

  private let state = Mutex((news: [GatewayNews](), refusals: 0))

  /// Refuses the first so many times.
  init(refusals: Int = 0) {
    self.state.withLock { $0.refusals = refusals }
  }

  var news: [GatewayNews] { self.state.withLock { $0.news } }

  var receipts: [DeliveryReceipt] {
    self.news.compactMap { if case .receipt(let receipt) = $0 { receipt } else { nil } }
  }

  func keep(_ news: [GatewayNews]) async throws {
    try self.state.withLock { state in
      if state.refusals > 0 {
        state.refusals -= 1
        throw Refusal()
      }
      state.news += news
    }
  }
}

/// A simulated SMSC, and a gateway that is connected to it.
struct Carrier {
  let kind: SMSCServer.Kind
  let board = SMSCBoard()
  let server: SMSCServer
  let gateway: any RoutedGateway

  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  init(
    _ kind: SMSCServer.Kind, name: String = "mobile", script: String = "",
    secret: String = "secret",
    limits: CarrierLimits? = nil, port: Int? = nil
  ) async throws {
    self.kind = kind
    var account = SMSCAccount(name: "901234", secret: "secret")
    account.hasTwoKindsOfIDs = true
    self.server = try await SMSCServer.start(
      kind, account, SMSCScript(text: script), self.board
    ) { WallClock().now() }
    var settings = CarrierSettings(
      server: ServerAddress(host: "127.0.0.1", port: port ?? self.server.port),
      limits: limits ?? (kind == .smpp ? .smpp : .cmpp))
    settings.reconnect = Backoff(firstMs: 20, maxMs: 100)
    let parts = CarrierParts(
      time: WallClock(), random: SeededRandom(), dialer: TCPDialer(), logger: Self.logger)
    switch kind {
    case .smpp:
      var smpp = SMPPAccount(system: "901234", password: secret)
      smpp.ids = .hexThenDecimal
      self.gateway = CarrierGateway(name: name, SMPPDialect(smpp), settings, parts)
    case .cmpp, .cmpp3:
      var cmpp = CMPPAccount(account: "901234", secret: secret, source: "106900011")
      cmpp.version = kind == .cmpp ? .v2 : .v3
      self.gateway = CarrierGateway(name: name, CMPPDialect(cmpp), settings, parts)
    }
  }

  /// Runs the gateway while `body` does.
  func run(
    _ keeper: any ReceiptKeeper = Notebook(), _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await Self.run(self.gateway, keeper) {
      try await eventually { self.gateway.isConnected }
      try await body()
    }
    try await self.server.stop()
  }

  static func run(
    _ gateway: any MessageGateway, _ keeper: any ReceiptKeeper,
    _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do { try await gateway.run(keeper) } catch is CancellationError {}
      }
      group.addTask {
        try await body()
        throw Done()
      }
      do {
        try await group.next()
        try await group.next()
      } catch is Done {
        group.cancelAll()
      }
      while try await group.next() != nil {}
    }
  }

  private struct Done: Error {}

  func send(_ texts: [String], phone: String = "13800138000") async -> [SendReport] {
    await withTaskGroup(of: (Int, SendReport).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask {
          (index, await self.gateway.send(.sample("M\(index)", phone: phone, text: text)))
        }
      }
      var reports: [(Int, SendReport)] = []
      for await report in group { reports.append(report) }
      return reports.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

/// Takes connections and says nothing.
private final class MuteListener: Sendable {
  let port: Int
  private let descriptor: Int32
  private let taken = Mutex<[Int32]>([])

  init() throws {
    self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = self.descriptor
    let isBound = withUnsafeMutableBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { raw in
        guard let base = raw.baseAddress else { return false }
        return bind(descriptor, base, size) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, base, &size) == 0
      }
    }
    self.port = Int(UInt16(bigEndian: address.sin_port))
    try #require(isBound)
  }

  /// How many have connected.
  var connections: Int {
    self.taken.withLock { taken in
      while case let next = accept(self.descriptor, nil, nil), next >= 0 { taken.append(next) }
      return taken.count
    }
  }

  deinit {
    self.taken.withLock { taken in for each in taken { close(each) } }
    close(self.descriptor)
  }
}

/// Waits until it is so, ten seconds at most.
func eventually(
  _ condition: @Sendable () async throws -> Bool, _ location: SourceLocation = #_sourceLocation
) async throws {
  for _ in 0..<1_000 {
    if try await condition() { return }
    try await WallClock().sleep(milliseconds: 10)
  }
  Issue.record("it did not become so", sourceLocation: location)
}

struct CarrierGatewayTests {
  static let rare = "【浙江公安】" + String(repeating: "𬎆安居樂業", count: 38) + "完"

  @Test(arguments: SMSCServer.Kind.allCases)
  func `a long text with rare characters arrives whole, and each segment has its receipt`(
    _ kind: SMSCServer.Kind
  ) async throws {
    let carrier = try await Carrier(kind)
    let notebook = Notebook()
    try await carrier.run(notebook) {
      let report = await carrier.send([Self.rare])[0]
      #expect(report.outcome == .submitted)
      #expect(report.gateway == "mobile" && report.repeats == 0)
      let ids = report.providerIDs.compactMap { $0 }
      #expect(ids.count == SMSText.segments(of: Self.rare).count)
      try await eventually { carrier.board.receiptsTaken == ids.count }
      #expect(notebook.receipts.map(\.providerID).sorted() == ids.sorted())
      #expect(notebook.receipts.allSatisfy { $0.state == .delivered && $0.gateway == "mobile" })
      let text = try #require(carrier.board.texts.first)
      #expect(text.text == Self.rare)
      #expect(text.phone == (kind == .smpp ? "8613800138000" : "13800138000"))
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `throttling and a full queue lose nothing and send nothing twice`(
    _ kind: SMSCServer.Kind
  ) async throws {
    var limits = kind == .smpp ? CarrierLimits.smpp : .cmpp
    // However slow the machine is, nothing is given back for having waited too long.
    limits.holdMs = 600_000
    let carrier = try await Carrier(
      kind, script: "1-10 answer=throttle\n30-40 answer=full\n41-60 delay-ms=20", limits: limits)
    try await carrier.run {
      let texts = (0..<200).map { "【浙江公安】第\($0)条" }
      let reports = await carrier.send(texts)
      #expect(reports.filter { $0.outcome != .submitted } == [])
      #expect(carrier.board.texts.map(\.text).sorted() == texts.sorted())
      #expect(carrier.board.submits == 221)
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `each refusal says whether the message may be sent again`(
    _ kind: SMSCServer.Kind
  ) async throws {
    let (forGood, forNow) = kind == .smpp ? (0x0B, 0x08) : (7, 9)
    let carrier = try await Carrier(
      kind, script: "1 answer=error:\(forGood)\n2 answer=error:\(forNow)")
    try await carrier.run {
      let first = await carrier.send(["一"])[0].outcome
      let second = await carrier.send(["二"])[0].outcome
      let codes = kind == .smpp ? ["SMPP_0000000B", "SMPP_00000008"] : ["CMPP_7", "CMPP_9"]
      #expect(first == .refused(code: codes[0], .forGood))
      #expect(second == .refused(code: codes[1], .forNow(retryAfterMs: nil)))
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `receipts that come early, twice or after a refusal to keep them are all kept`(
    _ kind: SMSCServer.Kind
  ) async throws {
    var limits = CarrierLimits.smpp
    limits.windowMax = 16
    let carrier = try await Carrier(
      kind, script: "1 receipt=early delay-ms=50\n2 receipt=twice\n3 receipt=failed", limits: limits
    )
    // CMPP has no word for "again later": its receipt comes again on the next connection.
    let notebook = Notebook(refusals: kind == .smpp ? 1 : 0)
    try await carrier.run(notebook) {
      var ids: [String?] = []
      for text in ["一", "二", "三"] { ids += await carrier.send([text])[0].providerIDs }
      try await eventually { notebook.receipts.count == 4 }
      let expected = [ids[0], ids[1], ids[1], ids[2]]
      #expect(
        notebook.receipts.map(\.providerID).sorted() == expected.compactMap { $0 }.sorted())
      #expect(notebook.receipts.first { $0.providerID == ids[2] }?.state == .failed)
      try await eventually { carrier.board.receiptsTaken == 4 }
      #expect(carrier.board.receiptsPutOff == (kind == .smpp ? 1 : 0))
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `a submit without an answer is unknown, and its late answer is told`(
    _ kind: SMSCServer.Kind
  ) async throws {
    var limits = CarrierLimits.smpp
    limits.answerMs = 200
    let carrier = try await Carrier(
      kind, script: "1 answer=none\n2 delay-ms=5000", limits: limits)
    let notebook = Notebook()
    try await carrier.run(notebook) {
      let reports = [await carrier.send(["一"])[0], await carrier.send(["二"])[0]]
      #expect(reports.map(\.outcome) == Array(repeating: .unknown(code: "NO_ANSWER"), count: 2))
      try await eventually {
        notebook.news.contains {
          if case .lateAnswer(let answer) = $0 { answer.providerID != nil } else { false }
        }
      }
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases, ["close", "garbage"])
  func `a connection that breaks is made again, and what it carried is unknown`(
    _ kind: SMSCServer.Kind, _ answer: String
  ) async throws {
    let carrier = try await Carrier(kind, script: "3 answer=\(answer)")
    try await carrier.run {
      var outcomes: [SendOutcome] = []
      for text in ["一", "二", "三"] { outcomes.append(await carrier.send([text])[0].outcome) }
      #expect(outcomes == [.submitted, .submitted, .unknown(code: "CONNECTION_LOST")])
      try await eventually { carrier.gateway.isConnected && carrier.board.logins == 2 }
      #expect(await carrier.send(["四"])[0].outcome == .submitted)
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `a provider that says nothing is left, and asked again`(
    _ kind: SMSCServer.Kind
  ) async throws {
    let mute = try MuteListener()
    var limits = kind == .smpp ? CarrierLimits.smpp : .cmpp
    (limits.answerMs, limits.idleMs) = (100, 100)
    let carrier = try await Carrier(kind, limits: limits, port: mute.port)
    try await Carrier.run(carrier.gateway, Notebook()) {
      try await eventually { mute.connections >= 2 }
    }
    try await carrier.server.stop()
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `a wrong secret lets nobody in, and messages wait elsewhere`(
    _ kind: SMSCServer.Kind
  ) async throws {
    let carrier = try await Carrier(kind, secret: "wrong")
    try await Carrier.run(carrier.gateway, Notebook()) {
      try await WallClock().sleep(milliseconds: 200)
      #expect(!carrier.gateway.isConnected)
      let report = await carrier.send(["一"])[0]
      #expect(report.outcome == .refused(code: "GATEWAY_DOWN", .forNow(retryAfterMs: nil)))
      #expect(carrier.board.submits == 0)
    }
  }

  @Test(arguments: SMSCServer.Kind.allCases)
  func `a gateway that stops waits for the answers that are due`(
    _ kind: SMSCServer.Kind
  ) async throws {
    let carrier = try await Carrier(kind, script: "1- delay-ms=300")
    async let reports = Self.sendOnceConnected(["一", "二"], carrier)
    try await carrier.run {
      try await eventually { carrier.board.submits == 2 }
    }
    #expect(try await reports.map(\.outcome) == [.submitted, .submitted])
  }

  private static func sendOnceConnected(
    _ texts: [String], _ carrier: Carrier
  ) async throws -> [SendReport] {
    try await eventually { carrier.gateway.isConnected }
    return await carrier.send(texts)
  }
}
