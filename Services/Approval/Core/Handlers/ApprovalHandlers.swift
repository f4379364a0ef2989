import Crypto
import DomainModel
import RPC
import Storage
import Wire

/// What the approval service's handlers hold. Each RPC is an extension in a file of its own name.
struct ApprovalHandlers: ApprovalV1.ApprovalService {
  let store: ApprovalStore
  let policies: CasePolicies
  let announcer: CaseAnnouncer
  let time: any TimeSource
  let random: any RandomSource

  /// The one service that opens cases and reports supplements.
  static let intake = "intake"

  /// The call as the inbox knows it: a repeat with the same key gets the first answer.
  func inboxCall(
    _ request: some WireMessage, key: String, _ context: CallContext
  ) throws -> InboxCall {
    try InboxCall(
      caller: context.requireCaller().principal, method: context.method.path, key: key,
      fingerprint: try DigestAlgorithm.sha256.digest(request.wireBytes()))
  }

  /// The actor, if intake is calling; throws `CALLER_NOT_ALLOWED` for any other service.
  func requireIntake(_ context: CallContext) throws -> Actor {
    let caller = try context.requireCaller()
    guard caller.kind == .service, caller.id == Self.intake else {
      throw ServiceError(.callerNotAllowed)
    }
    return Actor(principal: caller.principal)
  }

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
