import DomainModel
import RPC
import Storage
import Wire

/// How the outbox's messages are sent.
struct IntakeDeliveries: Sendable {
  let dependencies: IntakeAssembly.Dependencies
  let peers: IntakeAssembly.Peers
  let outbox: Outbox

  /// How long one delivery may take, in milliseconds; shorter than a lane's lease.
  static let timeoutMs: Int64 = 10_000

  /// A dispatcher under a name of its own.
  func dispatcher() -> OutboxDispatcher {
    let owner = ID<OutboxDispatcher>(
      now: self.dependencies.time.now(), random: self.dependencies.random)
    return OutboxDispatcher(
      store: self.dependencies.store, outbox: self.outbox,
      effects: OutboxEffects(send: self.send),
      environment: OutboxDispatcher.Environment(
        owner: owner.text, time: self.dependencies.time, random: self.dependencies.random,
        logger: self.dependencies.logger))
  }

  private func send(_ message: OutboxMessage) async throws -> [UInt8] {
    let options = CallOptions(
      timeoutMs: Self.timeoutMs,
      metadata: Metadata(caller: Caller(kind: .service, id: IntakeAssembly.name)))
    let openCase = ApprovalV1.ApprovalServiceMethods.openCase
    let resumeClock = ApprovalV1.ApprovalServiceMethods.resumeClock
    let enqueue = NotificationV1.NotificationServiceMethods.enqueueMessage
    return switch message.method {
    case openCase.path:
      try await self.peers.approval.unary(openCase, message.payload, options)
    case resumeClock.path:
      try await self.peers.approval.unary(resumeClock, message.payload, options)
    case enqueue.path:
      try await self.peers.notification.unary(enqueue, message.payload, options)
    default:
      throw ServiceError(code: .unimplemented, message: "No service takes \(message.method).")
    }
  }
}
