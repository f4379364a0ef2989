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
  let time: any TimeSource
  let random: any RandomSource

  /// An officer reads the cases of his own office or bureau, an auditor all of them.
  func requireReader(of file: ApprovalCase, _ context: CallContext) throws {
    let caller = try context.requireCaller()
    if caller.kind == .auditor { return }
    guard caller.kind == .officer, let office = caller.office, file.concerns(office: office) else {
      throw ServiceError(.officerWrongOffice)
    }
  }

  /// A command as a change of the store.
  func change(_ command: CaseCommand, by actor: Actor, at now: Timestamp) -> CaseChange {
    CaseChange(
      actor: actor,
      decide: { file in try self.policies.decide(file, command, now: now) },
      announce: self.announcer.messages)
  }
}
