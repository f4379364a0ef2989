import DomainModel

/// A step that was decided: the application after it, and what happened.
struct ApplicationStep: Sendable {
  var next: Application
  var event: ApplicationEvent
}

/// What happened to an application: what is stored beside its row, what its history says, and who
/// must be told.
enum ApplicationEvent: Sendable {
  case drafted
  case commitmentGiven
  /// The form's person as soon as the number can be read, so that he finds the draft that a
  /// platform made for him.
  case formWritten(CitizenID?)
  case materialUploaded(Material)
  /// Its bytes were here already.
  case materialReused(Material)
  case submitted(Filing)
  /// It was lost, and its case knew it.
  case restored(Filing)
  case supplemented(SupplementNotice)
  case progressed(Progress)
  /// Where no officer decides: the registry has changed the registration, and there is more to do.
  case registrationChanged
  case withdrawalRequested
  /// A decision was before it.
  case withdrawalOvertaken
  /// The applicant has died or has become local: so another authority says, under its paper's
  /// number.
  case closingAsked(Closing, source: String, reference: String)
  /// Nobody had touched the draft for the policy's `draft_days`.
  case expired

  /// The name in the history.
  var action: String {
    switch self {
    case .drafted: "draft_created"
    case .commitmentGiven: "commitment_given"
    case .formWritten: "form_written"
    case .materialUploaded: "material_uploaded"
    case .materialReused: "material_reused"
    case .submitted: "submitted"
    case .restored: "restored"
    case .supplemented: "supplemented"
    case .progressed(let progress): progress.name
    case .registrationChanged: "registration_changed"
    case .withdrawalRequested: "withdrawal_requested"
    case .withdrawalOvertaken: "withdrawal_overtaken"
    case .closingAsked: "closing_asked"
    case .expired: "draft_expired"
    }
  }

  /// What the history says beside the name: codes, never a text.
  var detail: String {
    switch self {
    case .drafted, .commitmentGiven, .formWritten, .supplemented, .expired, .registrationChanged,
      .withdrawalRequested, .withdrawalOvertaken:
      ""
    case .materialUploaded(let material), .materialReused(let material): material.slot.name
    case .submitted(let filing), .restored(let filing):
      filing.submission.findings.filter { !$0.passed }.map(\.rule.rawValue).joined(separator: ",")
    case .progressed(.closed(let closure)): "\(closure.reason.rawValue) \(closure.eventOn)"
    case .progressed(let progress): progress.reasons.map(\.code).joined(separator: ",")
    case .closingAsked(let closing, let source, let reference):
      "\(closing.reason.rawValue) \(closing.eventOn); \(source); \(reference)"
    }
  }
}
