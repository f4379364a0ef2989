import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension CallLimits {
  /// Watches of an office's work: each reads its changes as they come.
  static let workWatches = CallLimits(total: 512, ofApplicant: 0, ofOthers: 8)
}

extension Officer {
  /// The officer who calls; never a field of a request.
  init(_ caller: Caller) {
    self.init(id: caller.id, office: caller.office ?? "", role: caller.role ?? "")
  }
}

extension Caller {
  /// Whether a case is about the officer himself: as applicant, guardian, who acts for the
  /// applicant, or the relative whose dwelling it is, by the number that his login proved. Where a
  /// token brings no number nothing can be said, and he has to keep out by himself
  /// (`RecuseOfficer`).
  func isParty(to record: CaseRecord) throws -> Bool {
    if self.citizenID == nil { return false }
    let form = try ModelV1.ApplicationForm(wireBytes: record.papers.form)
    return self.isAmong([
      form.applicant?.citizenID, form.guardian?.citizenID, form.proxy?.citizenID,
      form.kinship?.relativeCitizenID,
    ])
  }
}

extension ApprovalHandlers {
  /// Answers a command to a case; where it is refused, its history keeps who tried what, and why
  /// not: the codes of all objections and of the broken rules, and how the case stood.
  func traced<Answer>(
    _ action: String, of caseID: String, _ context: CallContext,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await body()
    } catch let refusal as ServiceError where Self.leavesTrace(refusal) {
      let caller = try context.requireCaller()
      try await self.store.trace(
        action, of: .caseID(caseID), by: Actor(caller), at: self.time.now(),
        detail: Self.trace(of: refusal))
      throw refusal
    }
  }

  /// Whether it was the command that was refused, and not the call.
  private static func leavesTrace(_ refusal: ServiceError) -> Bool {
    let ofCalls: Set<String> = [
      ErrorReason.idempotencyKeyInvalid.rawValue, ErrorReason.idempotencyKeyReused.rawValue,
    ]
    switch refusal.code {
    case .permissionDenied, .failedPrecondition, .aborted, .invalidArgument:
      return !ofCalls.contains(refusal.reason)
    default: return false
    }
  }

  private static func trace(of refusal: ServiceError) -> String {
    let objections = refusal.metadata["objections"] ?? refusal.reason
    let rules = refusal.violations.map { "\($0.field):\($0.reason)" }
    let state = refusal.metadata["current_state"].map {
      "state=\($0)/\(refusal.metadata["current_version"] ?? "")"
    }
    let parts = [objections] + rules + [state].compactMap(\.self)
    return String(parts.joined(separator: ",").prefix(Self.traceCharactersMax))
  }

  /// How long a trace is at most, in characters.
  static let traceCharactersMax = 1_000

  /// Does a command on the desks around a case. Returns the case as it stands then. Throws the
  /// refusal as the caller shall read it.
  func change(
    _ transaction: Transaction, _ file: ApprovalCase, by command: DeskCommand, _ stamp: Stamp
  ) throws -> ApprovalCase {
    let machine = try self.machine(of: file, transaction, stamp.now)
    switch machine.decide(file, command, now: stamp.now) {
    case .failure(let refusal): throw refusal.serviceError
    case .success(nil): return file
    case .success(let event?):
      let next = machine.applying(event, to: file)
      try self.store.write(transaction, event, from: file, to: next, stamp)
      return next
    }
  }
}
