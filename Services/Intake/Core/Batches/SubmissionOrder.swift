import DomainModel
import ServiceCore
import Storage

/// What is to be submitted, by a call or by a row of a batch.
struct SubmissionOrder: Sendable {
  /// The application before it is submitted.
  enum Draft: Sendable {
    /// A stored draft.
    case stored(ID<Application>)
    /// One that is not stored yet: draft and submission are one transaction.
    case new(Application)
  }

  var draft: Draft
  /// The version of the policy that the applicant was shown; empty means whichever is in force.
  var policyVersion = ""
  /// Whether it is submitted although a rule of eligibility failed.
  var acknowledgesFindings = false
  /// The person's own assent, in place of the draft's commitment.
  var assent: RecordedAssent?
  /// Whether the caller has just checked the person against his identity card.
  var isIdentityChecked = false
}

/// What came of an order.
enum SubmissionOutcome: Sendable {
  /// Nothing was stored: rules failed, and nobody acknowledged it.
  case unacknowledged(Judgement)
  case submitted(ID<Application>, Submission, Acceptance?)
}

extension IntakeStore {
  /// Writes what must be there before an order's draft is submitted: the draft, where it is new,
  /// and how the person assented.
  func open(_ transaction: Transaction, _ order: SubmissionOrder, _ stamp: Stamp) throws {
    switch order.draft {
    case .stored(let id):
      guard let assent = order.assent else { return }
      try transaction.execute(
        """
        INSERT INTO application_assent (application_id, means, record)
        VALUES (\(id), \(Int(assent.means.rawValue)), \(assent.record))
        """)
    case .new(let draft): try self.open(transaction, draft, draftsMax: nil, stamp)
    }
  }
}

extension FormReading {
  /// The same after somebody with the right to has checked the applicant against his card.
  var afterIdentityCheck: FormReading {
    var context = self.context
    context.submitter = .person(citizenID: self.citizenID.value?.text, isFaceChecked: true)
    return FormReading(
      self.input, materials: self.slots, commitment: self.commitment, in: context)
  }
}
