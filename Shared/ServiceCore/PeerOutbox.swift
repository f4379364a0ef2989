internal import DomainModel
public import RPC
public import Storage

/// Sends what a service's outbox owes to its peers, and to platforms of others. The channels say
/// who is calling.
public struct PeerOutbox: Sendable {
  /// How long one delivery may take, in milliseconds. Shorter than a lane's lease, so that no other
  /// dispatcher claims a lane while its message is under way.
  public static let timeoutMs: Int64 = 10_000

  private let parts: CoreParts
  private let outbox: Outbox
  private let effects: OutboxEffects
  private let limits: OutboxLimits

  /// The outbox of a service whose peers are reached through these channels. `effects` registers
  /// what answers and refusals change at home.
  public init(
    _ outbox: Outbox, of parts: CoreParts, to peers: [ServiceName: any RPCChannel],
    platforms: [Platform] = [], limits: OutboxLimits = OutboxLimits(),
    effects: (inout OutboxEffects) -> Void = { _ in }
  ) {
    precondition(
      Self.timeoutMs < limits.leaseMs, "a delivery must end before its lane's lease does")
    self.parts = parts
    self.outbox = outbox
    self.limits = limits
    let channels = Dictionary(
      uniqueKeysWithValues: peers.map { ($0.key.rawValue, $0.value) }
        + platforms.map { (Platform.destination($0.name), $0.channel) })
    var all = OutboxEffects(to: Set(channels.keys)) { try await Self.send($0, to: channels) }
    effects(&all)
    self.effects = all
  }

  /// Sends until the task is cancelled.
  public func run() async throws {
    try await self.dispatcher().run()
  }

  /// Sends what is owed now, in a fixed order, and returns how many messages were delivered; for
  /// tests that take one step at a time.
  public func deliverOnce() async throws -> Int {
    try await self.dispatcher().deliverOnce()
  }

  /// A dispatcher under a name of its own.
  private func dispatcher() -> OutboxDispatcher {
    let owner: ID<OutboxDispatcher> = self.parts.makeID()
    return OutboxDispatcher(
      store: self.parts.store, outbox: self.outbox, effects: self.effects, limits: self.limits,
      environment: OutboxDispatcher.Environment(
        owner: owner.text, time: self.parts.time, random: self.parts.random,
        logger: self.parts.logger))
  }

  private static func send(
    _ message: OutboxMessage, to channels: [String: any RPCChannel]
  ) async throws -> [UInt8] {
    guard let channel = channels[message.destination],
      let method = Method(path: message.method, kind: .unary)
    else {
      throw ServiceError(
        code: .unimplemented, message: "\(message.destination) takes no \(message.method).")
    }
    return try await channel.unary(
      method, message.payload, CallOptions(timeoutMs: Self.timeoutMs))
  }
}

extension OutboxMessage {
  /// A call that is owed to a peer. `key` is the request's idempotency key, made of the entity and
  /// never of the try.
  public init(
    _ request: some WireMessage, _ method: Method, to peer: ServiceName, lane: String, key: String
  ) throws {
    self.init(
      lane: lane, destination: peer.rawValue, method: method.path,
      payload: try request.wireBytes(), idempotencyKey: key)
  }

  /// A call that is owed to a platform of this name.
  public init(
    _ request: some WireMessage, _ method: Method, toPlatform name: String, lane: String,
    key: String
  ) throws {
    self.init(
      lane: lane, destination: Platform.destination(name), method: method.path,
      payload: try request.wireBytes(), idempotencyKey: key)
  }
}
