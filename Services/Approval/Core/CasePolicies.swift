import DomainModel

/// The policies a service has loaded, and the ways they make cases go. A case keeps the one it was
/// opened under.
struct CasePolicies: Sendable {
  let editions: PolicyEditions
  let calendar: WorkingDayCalendar
  let offices: CaseOffices
  private let workflows: [String: [ApplicationKind: Workflow]]

  /// All versions of a region's policy. Throws `PolicyFileError` for one that has a kind whose
  /// cases could not be led to their end.
  init(
    editions: PolicyEditions, calendar: WorkingDayCalendar, offices: CaseOffices
  ) throws(PolicyFileError) {
    self.editions = editions
    self.calendar = calendar
    self.offices = offices
    var workflows: [String: [ApplicationKind: Workflow]] = [:]
    for policy in editions.all {
      for kind in policy.kinds.kinds.values where !kind.stages.isEmpty {
        do throws(WorkflowFlaw) {
          workflows[policy.version, default: [:]][kind.kind] = try Workflow(kind)
        } catch {
          throw PolicyFileError(
            file: "policy \(policy.version)", line: 0, reason: error.description)
        }
      }
    }
    self.workflows = workflows
  }

  /// The machine of a case; throws where its policy is not loaded.
  func machine(of origin: ApprovalCase.Origin) throws -> CaseMachine {
    guard let policy = try? self.editions.version(origin.policyVersion),
      let workflow = self.workflows[origin.policyVersion]?[origin.kind]
    else { throw PolicyMissing(version: origin.policyVersion) }
    return CaseMachine(
      terms: CaseTerms(policy: policy, calendar: self.calendar), workflow: workflow,
      offices: self.offices)
  }
}

/// A case was opened under a policy that this process has not loaded: ours to mend, not the
/// caller's.
struct PolicyMissing: Error, CustomStringConvertible {
  let version: String

  var description: String { "policy \(self.version) is not loaded, and a case was opened under it" }
}
