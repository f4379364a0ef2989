package import DomainModel
package import Logging
import Synchronization
package import Transport

/// A gateway to one provider: keeps a connection, hands messages over as short messages, and brings
/// its receipts to be kept before they are answered.
package final class CarrierGateway<Dialect: CarrierDialect>: RoutedGateway {
  package let name: String
  let settings: CarrierSettings
  let dialect: Dialect
  let parts: CarrierParts
  let state = Mutex(State())

  struct State {
    var line: CarrierLine<Dialect>?
    var sends = SendTable()
    /// Ties the segments of one long text together.
    var reference: UInt8
    var news = CarrierNews()
    /// Whether the gateway is about to stop, and connects no more.
    var isStopping = false

    init(reference: UInt8 = 0) {
      self.reference = reference
    }
  }

  /// A gateway of this name; it connects when it runs.
  package init(
    name: String, _ dialect: Dialect, _ settings: CarrierSettings, _ parts: CarrierParts
  ) {
    self.name = name
    self.dialect = dialect
    self.settings = settings
    self.parts = parts
    // Another start, another place: what is under way at a handset has other references.
    self.state.withLock { $0.reference = UInt8(truncatingIfNeeded: parts.random.jitter()) }
  }

  /// The longest that `send` takes; the last second is for the tick that notices.
  package var sendMsMax: Int64 { self.settings.limits.sendMsMax + 1_000 }

  /// Whether messages can be handed over.
  package var isConnected: Bool {
    self.state.withLock { $0.line?.session.phase == .open }
  }

  package func send(_ message: OutgoingMessage) async -> SendReport {
    guard (1...OutgoingSegment.countMax).contains(message.segments.count) else {
      return SendReport(
        gateway: self.name, .refused(code: "MESSAGE_TOO_LONG", .forGood))
    }
    return await withCheckedContinuation { continuation in
      let refusal = self.state.withLock { state -> String? in
        guard state.line?.session.phase == .open else { return "GATEWAY_DOWN" }
        if message.segments.count > 1 { state.reference &+= 1 }
        let segments = OutgoingSegment.all(of: message, reference: state.reference)
        let tickets = state.sends.add(message, continuation)
        let now = self.parts.time.now()
        if state.line?.submit(Array(zip(tickets, segments)), now) == true { return nil }
        state.sends.forget(tickets[0].send)
        return "GATEWAY_BUSY"
      }
      guard let refusal else { return }
      continuation.resume(
        returning: SendReport(
          gateway: self.name, .refused(code: refusal, .forNow(retryAfterMs: nil))))
    }
  }
}

/// What a gateway to a provider is given from outside.
package struct CarrierParts: Sendable {
  package let time: any TimeSource
  package let random: any RandomSource
  package let dialer: any StreamDialer
  package let logger: Logger

  /// The parts.
  package init(
    time: any TimeSource, random: any RandomSource, dialer: any StreamDialer, logger: Logger
  ) {
    self.time = time
    self.random = random
    self.dialer = dialer
    self.logger = logger
  }
}

/// Where a provider is found, and the bounds of its connection.
package struct CarrierSettings: Hashable, Sendable {
  /// Where it is found.
  package var server: ServerAddress
  /// Windows and times.
  package var limits: CarrierLimits
  /// How long it waits before it connects again.
  package var reconnect = Backoff(firstMs: 1_000, maxMs: 60_000)
  /// How long a connection that is given up may take to send its last words, in milliseconds; when
  /// the gateway stops, how long answers are waited for.
  package var leaveMs: Int64 = 5_000

  /// Settings.
  package init(server: ServerAddress, limits: CarrierLimits) {
    self.server = server
    self.limits = limits
  }
}

/// A session and the connection that it speaks over: what the session says leaves at once, under
/// the owner's lock, so in order.
struct CarrierLine<Dialect: CarrierDialect>: Sendable {
  private(set) var session: CarrierSession<Dialect>
  let stream: any ByteStream
  let begunAt: Timestamp

  init(_ session: CarrierSession<Dialect>, _ stream: any ByteStream, _ now: Timestamp) {
    self.session = session
    self.stream = stream
    self.begunAt = now
    self.flush()
  }

  mutating func submit(
    _ segments: [(SegmentTicket, OutgoingSegment)], _ now: Timestamp
  ) -> Bool {
    defer { self.flush() }
    return self.session.submit(segments, now: now)
  }

  mutating func step(
    _ body: (inout CarrierSession<Dialect>) -> [SessionEvent]
  ) -> [SessionEvent] {
    defer { self.flush() }
    return body(&self.session)
  }

  private mutating func flush() {
    self.stream.write(self.session.takeOutput())
  }
}
