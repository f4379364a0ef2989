import DomainModel
import RPC
import ServiceCore
import Wire

/// What the approval service's handlers hold. Each RPC is an extension in a file of its own name.
struct ApprovalHandlers: ApprovalV1.ApprovalService {
  let store: ApprovalStore
  let once: AnswerOnce
  let policies: CasePolicies
  let announcer: CaseAnnouncer
  let offices: OfficeTable
  let time: any TimeSource
  let random: any RandomSource

  /// What the caller reaches by the method, as the access table says: an officer the cases of his
  /// own office and of those below it.
  func reach(of context: CallContext) throws -> CaseReach {
    switch context.reach {
    case .everything: return .everything
    case .office:
      guard let office = try context.requireCaller().office else {
        throw ServiceError(.officerWrongOffice)
      }
      return .offices(self.offices.codes(from: office))
    case .adds, .ownAndWards, .submitted, nil: throw ServiceError(.callerNotAllowed)
    }
  }

  /// A command as a change of the store.
  func change(
    _ command: CaseCommand, by actor: Actor, within reach: CaseReach, at now: Timestamp
  ) -> CaseChange {
    CaseChange(
      actor: actor, reach: reach,
      decide: { file in try self.policies.decide(file, command, now: now) },
      announce: self.announcer.messages)
  }
}
