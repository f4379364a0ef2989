import Wire

/// What was acknowledged of one application on its way, and so has to be there afterwards.
struct Acknowledged: Sendable {
  let person: Person
  let applicationID: String
  let applicationNumber: String
  /// A draft of the same person that was refused because this one was submitted.
  var rivalDraftID: String?
  var caseID = ""
  /// Oldest first.
  var opinions: [Signed] = []
  var end = IntakeV1.ApplicationState.unspecified
  /// Empty where it did not end in a permit.
  var certificate = ""
}

/// An opinion that was acknowledged.
struct Signed: Hashable, Sendable {
  let stage: ApprovalV1.Stage
  let decision: ApprovalV1.Decision
  let officerID: String
}

/// What follows from what was acknowledged, written down from the contract alone.
extension Acknowledged {
  /// What happens to a draft until it is submitted.
  static let draftActions =
    ["draft_created", "commitment_given", "form_written"]
    + Array(repeating: "material_uploaded", count: 3)

  /// The application's history.
  var applicationActions: [String] {
    Self.draftActions + ["submitted"]
      + self.steps { opinion, isLast in
        switch (opinion.stage, opinion.decision) {
        case (_, .supplement):
          ["supplement_needed", "material_uploaded", "supplemented", "resumed"]
        case (.accept, .pass): ["accepted"]
        case (.accept, .refuse): ["not_accepted"]
        case (.approve, .pass): isLast ? ["completed"] : []
        case (.approve, .refuse): ["refused"]
        default: []
        }
      }
  }

  /// The case's history.
  var caseActions: [String] {
    ["opened"]
      + self.steps { opinion, isLast in
        switch (opinion.stage, opinion.decision) {
        case (_, .supplement): ["supplement_needed", "supplemented"]
        case (.accept, .pass): ["accepted"]
        case (.accept, .refuse): ["not_accepted"]
        case (.review, _): ["reviewed"]
        case (.approve, .pass): ["approved", isLast ? "issued" : "issue_refused"]
        case (.approve, .refuse): ["refused"]
        default: []
        }
      }
  }

  /// The templates of the texts about it, sorted, and of the reminders to come. Each end is told
  /// once.
  var texts: [String] {
    let told =
      ["application_received"]
      + self.steps { opinion, isLast in
        switch (opinion.stage, opinion.decision) {
        case (_, .supplement): ["supplement_needed"]
        case (.accept, .pass): ["application_accepted"]
        case (.accept, .refuse): ["application_not_accepted"]
        case (.approve, .pass):
          isLast ? ["permit_issued", "endorsement_open", "endorsement_closing"] : []
        case (.approve, .refuse): ["application_refused"]
        default: []
        }
      }
    return told.sorted()
  }

  private func steps(_ each: (Signed, _ isLast: Bool) -> [String]) -> [String] {
    self.opinions.enumerated().flatMap { each($1, $0 == self.opinions.count - 1) }
  }
}
