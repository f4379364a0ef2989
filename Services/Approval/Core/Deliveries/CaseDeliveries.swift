import DomainModel
import RPC
import Storage
import Wire

/// How the outbox's messages are sent, and what the registry's answer does to a case.
struct CaseDeliveries: Sendable {
  let handlers: ApprovalHandlers
  let dependencies: ApprovalAssembly.Dependencies

  /// How long one delivery may take, in milliseconds; shorter than a lane's lease.
  static let timeoutMs: Int64 = 10_000

  private static let recordProgress = IntakeV1.CaseProgressServiceMethods.recordProgress
  private static let issuePermit = RegistryV1.CertificateRegistryServiceMethods.issuePermit

  /// A dispatcher under a name of its own.
  func dispatcher() -> OutboxDispatcher {
    var effects = OutboxEffects(send: self.send)
    effects.onAnswer(Self.issuePermit.path, self.issued)
    effects.onRefusal(Self.issuePermit.path, self.issueRefused)
    let owner = ID<OutboxDispatcher>(
      now: self.dependencies.time.now(), random: self.dependencies.random)
    return OutboxDispatcher(
      store: self.dependencies.store, outbox: self.handlers.store.outbox, effects: effects,
      environment: OutboxDispatcher.Environment(
        owner: owner.text, time: self.dependencies.time, random: self.dependencies.random,
        logger: self.dependencies.logger))
  }

  private func send(_ message: OutboxMessage) async throws -> [UInt8] {
    let options = CallOptions(
      timeoutMs: Self.timeoutMs,
      metadata: Metadata(caller: Caller(kind: .service, id: "approval")))
    return switch message.method {
    case Self.issuePermit.path:
      try await self.dependencies.registry.unary(Self.issuePermit, message.payload, options)
    case Self.recordProgress.path:
      try await self.dependencies.intake.unary(Self.recordProgress, message.payload, options)
    default:
      throw ServiceError(code: .unimplemented, message: "No service takes \(message.method).")
    }
  }

  /// The registry has signed: the case is complete, and intake is told in the same transaction.
  private func issued(
    _ transaction: Transaction, _ message: OutboxMessage, _ reply: [UInt8]
  ) throws {
    let permit = try RegistryV1.IssuePermitResponse(wireBytes: reply).permit
    guard let issue = ApprovalCase.Issue(permit) else {
      throw UnusableAnswer(reason: "the registry's answer names no permit")
    }
    try self.apply(.recordIssue(issue), transaction, message)
  }

  /// The registry would not issue: the case goes back to its approver, and nobody is told that it
  /// is done. What is no decision of the registry parks the lane, for a person to mend.
  private func issueRefused(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    guard IssueRefusal.isDecision(error) else {
      throw UnusableAnswer(reason: "the registry did not decide: \(error.code) \(error.reason)")
    }
    try self.apply(
      .recordIssueRefusal(IssueRefusal.reasons(of: error)), transaction, message)
  }

  private func apply(
    _ command: CaseCommand, _ transaction: Transaction, _ message: OutboxMessage
  ) throws {
    let order = try RegistryV1.IssuePermitRequest(wireBytes: message.payload)
    let now = self.dependencies.time.now()
    let actor = Actor(principal: "service:registry")
    try self.handlers.store.apply(
      transaction, self.handlers.change(command, by: actor, at: now), to: .caseID(order.caseID),
      now: now)
  }
}

/// An answer that changes no case; its message is parked.
private struct UnusableAnswer: Error, CustomStringConvertible {
  let reason: String

  var description: String { self.reason }
}
