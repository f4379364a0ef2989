/// One thing that somebody does: one call, or one wait for what the services do among themselves.
/// The raw value is its word in a scenario file.
enum Step: String, CaseIterable, Sendable, Decodable {
  // What an applicant does, through a platform.
  case register, draft, commitment, form, eligibility
  case uploadIDCard = "upload_id_card"
  case uploadPhoto = "upload_photo"
  case uploadEvidence = "upload_evidence"
  case submit

  // What officers do; each reads the case before he signs.
  case awaitCase = "await_case"
  case readCase = "read_case"
  case accept, review, approve

  // What comes of it.
  case awaitPermit = "await_permit"
  case awaitText = "await_text"

  // What a holder and a verifier do.
  case load, present, verify

  // What is read day in, day out.
  case progress, check, permit, work, guide

  // Bad input: answered as wanted when it is refused.
  case badNumber = "bad_number"
  case badKey = "bad_key"
  case badToken = "bad_token"
  case foreign
}

/// What must be so before a step can be taken, and is so after others.
enum Fact: Hashable, Sendable {
  case registered, drafted, committed, written, filed, submitted, opened, accepted, reviewed
  case approved, issued, loaded, shown
}

extension Step {
  /// What it needs.
  var needs: Set<Fact> {
    switch self {
    case .register, .draft, .badNumber, .badKey, .guide: []
    case .commitment: [.drafted]
    case .form: [.committed]
    case .eligibility, .uploadIDCard, .uploadPhoto, .uploadEvidence: [.written]
    case .submit: [.registered, .filed]
    case .progress, .badToken, .foreign: [.drafted]
    case .awaitCase: [.submitted]
    case .readCase, .accept, .work: [.opened]
    case .review: [.accepted]
    case .approve: [.reviewed]
    case .awaitPermit: [.approved]
    case .awaitText, .load, .permit, .check: [.issued]
    case .present: [.loaded]
    case .verify: [.shown]
    }
  }

  /// What is so when it has been taken.
  var makes: Set<Fact> {
    switch self {
    case .register: [.registered]
    case .draft: [.drafted]
    case .commitment: [.committed]
    case .form: [.written]
    // The last of the materials; the service refuses a submission without the others.
    case .uploadEvidence: [.filed]
    case .submit: [.submitted]
    case .awaitCase: [.opened]
    case .accept: [.accepted]
    case .review: [.reviewed]
    case .approve: [.approved]
    case .awaitPermit: [.issued]
    case .load: [.loaded]
    case .present: [.shown]
    default: []
    }
  }

  /// Its name in the report.
  var operation: String {
    switch self {
    case .register: "Registry.RecordRegistration"
    case .draft: "Intake.CreateDraft"
    case .commitment: "Intake.UpdateDraft (commitment)"
    case .form: "Intake.UpdateDraft (form)"
    case .eligibility: "Intake.CheckEligibility"
    case .uploadIDCard, .uploadPhoto, .uploadEvidence: "Intake.UploadMaterial"
    case .submit: "Intake.SubmitApplication"
    case .awaitCase: "wait until the case is open"
    case .readCase: "Approval.GetCase"
    case .accept: "Approval.RecordOpinion (accept)"
    case .review: "Approval.RecordOpinion (review)"
    case .approve: "Approval.RecordOpinion (approve)"
    case .awaitPermit: "wait until the permit is issued"
    case .awaitText: "wait until the text is delivered"
    case .load: "Registry.LoadPermit"
    case .present: "Registry.CreatePresentation"
    case .verify: "Registry.VerifyPermit (shown)"
    case .progress: "Intake.GetApplication"
    case .check: "Registry.VerifyPermit (by identifier)"
    case .permit: "Registry.GetPermit"
    case .work: "Approval.ListWork"
    case .guide: "Intake.GetGuide"
    case .badNumber: "refused: Registry.RecordRegistration, wrong check digit"
    case .badKey: "refused: Intake.CreateDraft, short key"
    case .badToken: "refused: Intake.GetApplication, no token"
    case .foreign: "refused: Intake.GetApplication, another's"
    }
  }

  /// Which services it calls.
  var services: Set<String> {
    switch self {
    case .register, .load, .present, .verify, .check, .permit, .badNumber: ["registry"]
    case .draft, .commitment, .form, .eligibility, .uploadIDCard, .uploadPhoto, .uploadEvidence,
      .submit, .awaitPermit, .progress, .guide, .badKey, .badToken, .foreign:
      ["intake"]
    case .awaitCase, .readCase, .accept, .review, .approve, .work: ["approval"]
    case .awaitText: ["notification"]
    }
  }
}
