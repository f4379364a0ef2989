import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What approval's refusal of a withdrawal does to its application. Where approval takes it, the
/// case's next step says so (`RecordProgress`).
struct WithdrawalAnswers: Sendable {
  let answered: AnsweredChange

  /// Registers what is done with refusals.
  func register(on effects: inout OutboxEffects) {
    effects.onRefusal(ApprovalV1.ApprovalServiceMethods.withdrawCase.path, self.overtaken)
  }

  /// The decision was first: the application stays as that has it. Anything else parks the lane,
  /// for a person to mend.
  private func overtaken(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    guard error.reason == ErrorReason.caseWrongState.rawValue else { throw error }
    let request = try ApprovalV1.WithdrawCaseRequest(wireBytes: message.payload)
    try self.answered(transaction, ID(request.applicationID), by: .approval) { application, now in
      application.keptByDecision(at: now).map {
        ApplicationStep(next: $0, event: .withdrawalOvertaken)
      }
    }
  }
}
