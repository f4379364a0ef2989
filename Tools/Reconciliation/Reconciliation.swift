import DomainModel
package import Wire

/// Something two stores do not agree on.
package struct Difference: Hashable, Comparable, Encodable {
  /// What is wrong, as a machine code.
  package let kind: String
  /// What it is about: an application's, case's, permit's or message's id.
  package let subject: String

  /// A difference.
  package init(kind: String, subject: String) {
    self.kind = kind
    self.subject = subject
  }

  package static func < (left: Difference, right: Difference) -> Bool {
    (left.kind, left.subject) < (right.kind, right.subject)
  }
}

/// What the four stores say, side by side.
package struct Reconciliation {
  package let applications: [IntakeV1.ApplicationSummary]
  package let cases: [ApprovalV1.WorkItem]
  package let permits: [RegistryV1.Permit]
  package let messages: [NotificationV1.Message]

  /// What was read of each store. A permit that was imported has no case, and so nothing that it
  /// could differ from.
  package init(
    applications: [IntakeV1.ApplicationSummary], cases: [ApprovalV1.WorkItem],
    permits: [RegistryV1.Permit], messages: [NotificationV1.Message]
  ) {
    self.applications = applications
    self.cases = cases
    self.permits = permits.filter { !$0.caseID.isEmpty }
    self.messages = messages
  }

  /// Everything that differs, sorted: each link of the chain looked at from both of its ends.
  package func differences() -> [Difference] {
    let found =
      self.submittedAgainstCases() + self.casesAgainstPermits() + self.casesAgainstApplications()
      + self.permitsAgainstMessages() + self.permitsAgainstReminders()
      + self.applicationsAgainstMessages() + self.untold()
    return Set(found).sorted()
  }

  private func submittedAgainstCases() -> [Difference] {
    let opened = Dictionary(grouping: self.cases, by: \.applicationID)
    let known = Set(self.applications.map(\.applicationID))
    let submitted = self.applications.filter {
      $0.state != .draft && !Self.undecided.contains($0.kind)
    }
    return submitted.filter { opened[$0.applicationID] == nil }.map {
      Difference(kind: "submitted_without_case", subject: $0.applicationID)
    }
      + opened.filter { $0.value.count > 1 }.map {
        Difference(kind: "two_cases", subject: $0.key)
      }
      + self.cases.filter { !known.contains($0.applicationID) }.map {
        Difference(kind: "case_without_application", subject: $0.caseID)
      }
  }

  private func casesAgainstPermits() -> [Difference] {
    let issued = Dictionary(grouping: self.permits, by: \.caseID)
    let decided: Set<ApprovalV1.CaseState> = Self.effective.union([.approved])
    let approved = Set(self.cases.filter { decided.contains($0.state) }.map(\.caseID))
    return self.cases.filter { $0.state == .approved }.map {
      Difference(kind: "approved_without_answer", subject: $0.caseID)
    }
      + self.cases.filter { work in
        Self.effective.contains(work.state) && Self.issuing.contains(work.kind)
          && !Self.isOf(work, issued[work.caseID] ?? [])
      }.map { Difference(kind: "completed_without_its_permit", subject: $0.caseID) }
      + self.permits.filter { !approved.contains($0.caseID) }.map {
        Difference(kind: "permit_without_approval", subject: $0.certificateIdentifier)
      }
  }

  /// Where a case stands once its decision has its effect.
  private static let effective: Set<ApprovalV1.CaseState> = [
    .completed, .awaitingMaking, .awaitingNotification,
  ]

  /// The kinds whose cases end in a permit of their own; others change what there is.
  private static let issuing: Set<ModelV1.ApplicationKind> = [
    .firstPermit, .conversionByPermit, .conversionByRegistration,
  ]

  /// Whether the permits of a case are the one that it ended in. One that was changed since has
  /// another certificate.
  private static func isOf(_ work: ApprovalV1.WorkItem, _ permits: [RegistryV1.Permit]) -> Bool {
    permits.count == 1
      && permits.allSatisfy {
        $0.version > 1 || $0.certificateIdentifier == work.certificateIdentifier
      }
  }

  private func casesAgainstApplications() -> [Difference] {
    let applications = Dictionary(
      self.applications.map { ($0.applicationID, $0) }, uniquingKeysWith: { first, _ in first })
    return self.cases.compactMap { work in
      guard let application = applications[work.applicationID] else { return nil }
      let same =
        Self.expected(of: work) == application.state
        && application.certificateIdentifier == work.certificateIdentifier
      return same ? nil : Difference(kind: "states_differ", subject: work.applicationID)
    }
  }

  /// Where an application stands while its case stands there. What one officer has confirmed intake
  /// hears of once it has its effect.
  private static func expected(of work: ApprovalV1.WorkItem) -> IntakeV1.ApplicationState? {
    let isUnheard = Self.confirmed.contains(work.kind) && Self.expected[work.state] == .accepted
    return isUnheard ? .submitted : Self.expected[work.state]
  }

  /// The kinds on which one officer decides.
  private static let confirmed: Set<ModelV1.ApplicationKind> = [
    .residenceRegistration, .addressChange, .confirmationSlip,
  ]

  private static let expected: [ApprovalV1.CaseState: IntakeV1.ApplicationState] = [
    .awaitingAcceptance: .submitted, .awaitingSupplement: .supplementNeeded,
    .awaitingReview: .accepted, .reviewSupplement: .supplementNeeded,
    .awaitingApproval: .accepted, .approved: .accepted, .issueRefused: .accepted,
    .completed: .completed, .notAccepted: .notAccepted, .refused: .refused,
    .awaitingConfirmation: .submitted, .withdrawn: .withdrawn, .awaitingForwarding: .accepted,
    .awaitingMaking: .completed, .awaitingNotification: .completed, .closed: .closed,
  ]

  /// Each permit is told once, as issued or as converted, and only what happened is told.
  private func permitsAgainstMessages() -> [Difference] {
    let told = Dictionary(
      grouping: self.messages.filter {
        ["permit_issued", "permit_converted"].contains($0.templateID)
      }, by: \.reference)
    let issued = Set(self.permits.map(\.applicationID))
    return self.permits.filter { told[$0.applicationID] == nil }.map {
      Difference(kind: "permit_not_told", subject: $0.certificateIdentifier)
    }
      + self.permits.filter { (told[$0.applicationID]?.count ?? 0) > 1 }.map {
        Difference(kind: "permit_told_twice", subject: $0.certificateIdentifier)
      }
      + told.keys.filter { !issued.contains($0) }.map {
        Difference(kind: "told_without_permit", subject: $0)
      }
  }

  /// For how many days before a permit's last one a reminder of it may wait to be sent. The one of
  /// the year before lies further back, whatever window a policy has.
  private static let reminderDaysMax = 180

  /// A permit whose endorsement window is still to open has a reminder of that. One that was called
  /// off counts: the registry did so, for a reason of its own.
  private func permitsAgainstReminders() -> [Difference] {
    let reminders = Dictionary(
      grouping: self.messages.filter { $0.templateID == "endorsement_open" }, by: \.reference)
    return self.permits.filter { permit in
      guard permit.state == .valid, let validToOn = CivilDate(iso: permit.validToOn) else {
        return false
      }
      let first = validToOn.adding(days: -Self.reminderDaysMax).startOfDay.milliseconds
      return reminders[permit.applicationID]?.contains { $0.notBeforeMs >= first } != true
    }.map { Difference(kind: "reminders_not_scheduled", subject: $0.certificateIdentifier) }
  }

  /// What a kind ends in where a text of the template before it is missing.
  static let notTold = "_not_told"

  /// Where an application stands, its applicant was told on the way there.
  private func applicationsAgainstMessages() -> [Difference] {
    let told = Dictionary(grouping: self.messages, by: \.reference).mapValues {
      Set($0.map(\.templateID))
    }
    let inReview = Set(self.cases.filter { $0.state == .reviewSupplement }.map(\.applicationID))
    return self.applications.flatMap { application in
      // Only its case knows whether a notice came after acceptance.
      let accepted = inReview.contains(application.applicationID) ? ["application_accepted"] : []
      return (Self.texts(of: application) + accepted).filter {
        told[application.applicationID]?.contains($0) != true
      }.map { Difference(kind: $0 + Self.notTold, subject: application.applicationID) }
    }
  }

  /// The texts without which an application does not come to its state. At the counter the
  /// acceptance is told with the entry; one officer accepts and decides with the same word.
  private static func texts(of application: IntakeV1.ApplicationSummary) -> [String] {
    if Self.withoutPhone.contains(application.kind) { return [] }
    let received = application.channel == .window ? [] : ["application_received"]
    let accepted = Self.confirmed.contains(application.kind) ? [] : ["application_accepted"]
    return switch application.state {
    case .submitted: received
    case .supplementNeeded: received + ["supplement_needed"]
    case .accepted, .completed: received + accepted
    case .notAccepted: received + ["application_not_accepted"]
    case .refused: received + accepted + ["application_refused"]
    case .withdrawn: received + ["application_withdrawn"]
    // Who has died is told nothing, and a summary does not say who has.
    case .closed: received
    case .draft, .unspecified, .unrecognized: []
    }
  }

  /// The kinds on which no officer decides: the registry's answer ends them.
  private static let undecided: Set<ModelV1.ApplicationKind> = [
    .contactChange, .lossReport, .lossWithdrawal,
  ]

  /// Those of which intake tells nothing on the way: their forms have no phone, or no way.
  private static let withoutPhone = Self.undecided.union([.cancellation, .confirmationSlip])

  private func untold() -> [Difference] {
    self.messages.filter(\.isOwed).map {
      Difference(kind: "message_not_delivered", subject: $0.messageID)
    }
  }
}

extension NotificationV1.Message {
  /// It was to be sent and was not. A scheduled one waits for its time until it is tried; one that
  /// a provider has waits for its receipt.
  fileprivate var isOwed: Bool {
    switch self.state {
    case .delivered, .cancelled, .expired, .submitted: false
    case .queued: self.notBeforeMs == 0 || self.attempts > 0
    default: true
    }
  }
}
