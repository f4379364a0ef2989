import Wire

/// What one service is asked to tell anew, so that a difference goes away.
package struct Repair: Hashable, Comparable {
  /// Which service is asked.
  package let service: String
  /// Of which application.
  package let applicationID: String
  /// What the others have lost, in the words of `ResendLost`.
  package let what: String
  /// The case's id where a permit knows it.
  package var caseID = ""

  package static func < (left: Repair, right: Repair) -> Bool {
    (left.service, left.applicationID, left.what) < (right.service, right.applicationID, right.what)
  }
}

extension Reconciliation {
  /// What mends these differences, as far as one of the services still knows it. Where two differ,
  /// both are asked: each keeps what it has if the other knows less.
  package func repairs(of differences: Set<Difference>) -> [Repair] {
    let cases = Dictionary(self.cases.map { ($0.caseID, $0) }, uniquingKeysWith: { $1 })
    let permits = Dictionary(
      self.permits.map { ($0.certificateIdentifier, $0) }, uniquingKeysWith: { $1 })
    let caseIDs = Dictionary(
      self.permits.map { ($0.applicationID, $0.caseID) }, uniquingKeysWith: { $1 })
    func reopening(_ id: String) -> Repair {
      Repair(service: "intake", applicationID: id, what: "case", caseID: caseIDs[id] ?? "")
    }
    func restoring(_ id: String) -> Repair {
      Repair(service: "approval", applicationID: id, what: "application")
    }
    let repairs = differences.flatMap { difference -> [Repair] in
      let subject = difference.subject
      switch difference.kind {
      case "submitted_without_case": return [reopening(subject)]
      case "states_differ": return [reopening(subject), restoring(subject)]
      case "case_without_application":
        return cases[subject].map { [restoring($0.applicationID)] } ?? []
      case "completed_without_its_permit":
        return cases[subject].map {
          [Repair(service: "approval", applicationID: $0.applicationID, what: "permit")]
        } ?? []
      case "permit_without_approval":
        return permits[subject].map { [reopening($0.applicationID)] } ?? []
      // The registry tells both together, and a text that is there already stays the only one.
      case "permit_not_told", "reminders_not_scheduled":
        return permits[subject].map {
          [Repair(service: "registry", applicationID: $0.applicationID, what: "permit_issued")]
        } ?? []
      case let kind where kind.hasSuffix(Self.notTold):
        let template = String(kind.dropLast(Self.notTold.count))
        return [Repair(service: "intake", applicationID: subject, what: template)]
      default: return []
      }
    }
    return Set(repairs).sorted()
  }
}
