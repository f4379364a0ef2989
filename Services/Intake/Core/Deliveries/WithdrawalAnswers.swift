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

  /// The decision was first, or a court's order holds the case: the application stays as it is.
  /// Anything else parks the lane, for a person to mend.
  private func overtaken(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    let overtaking = [ErrorReason.caseWrongState, .caseOnHold].map(\.rawValue)
    guard overtaking.contains(error.reason) else { throw error }
    let request = try ApprovalV1.WithdrawCaseRequest(wireBytes: message.payload)
    try self.answered(transaction, ID(request.applicationID), by: .approval) { application, now in
      application.keptByDecision(at: now).map {
        ApplicationStep(next: $0, event: .withdrawalOvertaken)
      }
    }
  }
}
