import DomainModel

/// The policies a service has loaded. A case keeps the one it was opened under.
struct CasePolicies: Sendable {
  let editions: PolicyEditions
  let calendar: WorkingDayCalendar

  /// The machine of a version; throws where it is not loaded.
  func machine(_ version: String) throws -> CaseMachine {
    guard let policy = try? self.editions.version(version) else {
      throw PolicyMissing(version: version)
    }
    return CaseMachine(terms: CaseTerms(policy: policy, calendar: self.calendar))
  }

  /// What a command does to a case; throws the refusal as the caller shall read it.
  func decide(
    _ file: ApprovalCase, _ command: CaseCommand, now: Timestamp
  ) throws -> [CaseEvent] {
    switch try self.machine(file.origin.policyVersion).decide(file, command, now: now) {
    case .success(let events): return events
    case .failure(let refusal): throw refusal.serviceError
    }
  }
}

/// A case was opened under a policy that this process has not loaded: ours to mend, not the
/// caller's.
struct PolicyMissing: Error, CustomStringConvertible {
  let version: String

  var description: String { "policy \(self.version) is not loaded, and a case was opened under it" }
}
