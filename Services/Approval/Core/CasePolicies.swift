import DomainModel

/// The policies a service has loaded, by version. A case keeps the one it was opened under.
struct CasePolicies: Sendable {
  private let machines: [String: CaseMachine]

  init(_ machines: [String: CaseMachine]) {
    self.machines = machines
  }

  /// The versions that are loaded.
  var versions: Set<String> { Set(self.machines.keys) }

  /// The machine of a version; throws where it is not loaded.
  func machine(_ version: String) throws -> CaseMachine {
    guard let machine = self.machines[version] else { throw PolicyMissing(version: version) }
    return machine
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
