import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the registry's answer to an order does to its case.
struct IssueAnswers: Sendable {
  let handlers: ApprovalHandlers

  /// Registers what is done with answers and refusals.
  func register(on effects: inout OutboxEffects) {
    let method = RegistryV1.CertificateRegistryServiceMethods.issuePermit.path
    effects.onAnswer(method, self.issued)
    effects.onRefusal(method, self.refused)
  }

  /// The registry has signed: the case is complete, and intake is told in the same transaction.
  private func issued(
    _ transaction: Transaction, _ message: OutboxMessage, _ reply: [UInt8]
  ) throws {
    let permit = try RegistryV1.IssuePermitResponse(wireBytes: reply).permit
    guard let issue = ApprovalCase.Issue(permit) else {
      throw UnusableData("the registry's answer names no permit")
    }
    try self.apply(.recordIssue(issue), transaction, message)
  }

  /// The registry would not issue: the case goes back to its approver, and nobody is told that it
  /// is done. What is no decision about the person parks the lane, for a person to mend.
  private func refused(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    guard let reason = IssueRefusal.reason(of: error) else { throw error }
    try self.apply(.recordIssueRefusal([reason]), transaction, message)
  }

  /// The instant is the transaction's own: the closure may run again, and reads no clock of ours.
  private func apply(
    _ command: CaseCommand, _ transaction: Transaction, _ message: OutboxMessage
  ) throws {
    let order = try RegistryV1.IssuePermitRequest(wireBytes: message.payload)
    let now = try transaction.databaseNow()
    let stamp = Stamp(
      Actor(Caller(service: .registry)), at: now, random: self.handlers.parts.random)
    let record = try self.handlers.store.find(
      transaction, .caseID(order.caseID), within: .everything)
    _ = try self.handlers.change(transaction, record, by: command, stamp)
  }
}
