import DomainModel

/// An application, from draft to end: what is stored of it, and the machine that changes it
/// (`Application+Steps.swift`, `Application+Progress.swift`).
///
/// A step is a pure function of the application, a command and the instant: it returns the
/// application after the step, or throws every reason why the step cannot be made.
struct Application: Hashable, Sendable {
  let id: ID<Application>
  /// Who created it: the caller's principal.
  let owner: String
  let kind: ApplicationKind
  let channel: ApplicationChannel
  /// The office of the officer or collector who entered it, 12 digits; nil where it came in online.
  var enteredAt: String?
  /// The version of the region's policy it was submitted under, and keeps; of a draft the one that
  /// was in force when it was created.
  var policyVersion: String
  let createdAt: Timestamp

  /// Rises by one with each change, from 1.
  var version: Int64 = 1
  var state = ApplicationState.draft
  /// When `state` was reached.
  var changedAt: Timestamp
  /// When anything of it was last changed.
  var updatedAt: Timestamp
  var commitment: Commitment?
  var form: FormDocument?
  var materials: [Material] = []
  var submission: Submission?
  var acceptance: Acceptance?
  /// In the order they were given; the last may be unanswered.
  var notices: [SupplementNotice] = []
  var refusal: Refusal?
  var completion: Completion?
  var withdrawal: Withdrawal?
  var closing: Closing?
  /// The officers' opinions as far as the approval service has told them, the oldest first.
  var opinions: [SignedOpinion] = []
  /// The last step of the case that was recorded; 0 before the first.
  var progressSequence: Int64 = 0

  /// A new draft.
  init(
    id: ID<Application>, owner: String, kind: ApplicationKind, channel: ApplicationChannel,
    under policyVersion: String, at now: Timestamp
  ) {
    self.id = id
    self.owner = owner
    self.kind = kind
    self.channel = channel
    self.policyVersion = policyVersion
    self.createdAt = now
    self.changedAt = now
    self.updatedAt = now
  }

  /// The notice that waits for its supplement.
  var openNotice: SupplementNotice? {
    self.notices.last { $0.supplementedAt == nil }
  }

  /// Which materials there are.
  var slots: Set<MaterialSlot> { Set(self.materials.map(\.slot)) }
}

/// Step 1 (告知承诺): the notice that was read, and when its commitment was given.
struct Commitment: Hashable, Sendable {
  var noticeVersion: String
  var assentedAt: Timestamp
}

/// The form of step 2: the message as it came in, and what it says. The message is kept whole, so
/// that a field of a later version of the contract is not lost.
struct FormDocument: Hashable, Sendable {
  /// The most a form may take, in bytes; a complete one takes about 1 KiB.
  static let bytesMax = 16 * 1024

  var bytes: [UInt8]
  var input: FormInput
}

/// An uploaded material; its bytes are elsewhere.
struct Material: Hashable, Sendable {
  var id: ID<Material>
  var slot: MaterialSlot
  var mediaType: MediaType
  var sizeBytes: Int64
  var sha256: [UInt8]
  var uploadedAt: Timestamp
  /// Under which material's id its bytes are; nil where that is its own.
  var bytesOf: ID<Material>?
  /// Since when its bytes are here, where that is longer than it is.
  var bytesSince: Timestamp?
}

extension Material {
  /// Under which id its bytes are.
  var bytesID: ID<Material> { self.bytesOf ?? self.id }
  /// Since when its bytes are here.
  var bytesAt: Timestamp { self.bytesSince ?? self.uploadedAt }
}

/// 收件: the receipt of a submission, and what was found then.
struct Submission: Hashable, Sendable {
  var number: String
  var submittedAt: Timestamp
  /// The office that decides on acceptance.
  var officeCode: String
  var officeName: String
  /// The county-level bureau that approves and issues.
  var bureauCode: String
  /// From submission, or from the last supplement before acceptance; nil where no officer decides.
  var acceptanceDue: DueDate?
  var findings: [Finding]
  var about = ApplicationSubject()
  /// Who entered it at the counter: where officers decide, that is the acceptance or confirmation.
  var enteredBy: CounterOfficer?
}

/// The officer at a counter.
struct CounterOfficer: Hashable, Sendable {
  var id: String
  /// 12 digits.
  var office: String
}

/// 受理: from here both clocks run.
struct Acceptance: Hashable, Sendable {
  var acceptedAt: Timestamp
  var promiseDue: DueDate?
  var statuteDue: DueDate?
}

/// 一次性告知: all that is missing, told once.
struct SupplementNotice: Hashable, Sendable {
  /// Which step of the case it was.
  var sequence: Int64
  /// The round of the officers' stage, as the approval service counts.
  var round: Int32
  var notifiedAt: Timestamp
  var reasons: [Reason]
  var supplementedAt: Timestamp?
}

/// The due dates from a supplement on.
enum Resumption: Hashable, Sendable {
  /// The guard begins again.
  case beforeAcceptance(acceptanceDue: DueDate)
  /// Both terms are moved by the pause.
  case afterAcceptance(promiseDue: DueDate, statuteDue: DueDate)
}

/// One reason of a refusal or of a once-only notice.
struct Reason: Hashable, Sendable {
  var code: String
  var text: String
}

/// A negative end: 不予受理 or 不通过.
struct Refusal: Hashable, Sendable {
  var decidedAt: Timestamp
  var reasons: [Reason]
  var reconsiderationAuthority: String
  var court: String
}

/// The effect an application ended in.
struct Completion: Hashable, Sendable {
  var completedAt: Timestamp
  /// Of the permit that was issued or changed; empty where it was about none.
  var certificateIdentifier = ""
  var validTo: CivilDate?
  /// Of the registration that was made or changed; empty where it was about none.
  var registrationID = ""
}
