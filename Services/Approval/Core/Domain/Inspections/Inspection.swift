import DomainModel

/// 事中事后核查: whether a permit was obtained by deception (骗领), from the notice of the facts to the
/// permit's end (rules, Approval: finding of fraud).
///
/// A plain value: `CaseMachine` decides what may happen to it.
struct Inspection: Hashable, Sendable {
  var id: ID<Inspection>
  /// The case that ended in the permit.
  var caseID: ID<ApprovalCase>
  var applicationID: String
  /// The permit, as the case left it.
  var certificateIdentifier: String
  /// The offices of the case: 12 digits each.
  var officeCode: String
  var bureauCode: String
  var state = InspectionState.open
  /// Rises by one with each change.
  var version: Int64 = 1
  /// The facts of which the holder was told.
  var grounds: String
  /// The day on which the notice of the facts was served.
  var servedOn: CivilDate
  var opened: InspectionSignature
  /// What the holder said; nil while he has not.
  var statement: InspectionStatement?
  /// What the first officer concluded; nil before, and once the second has said something else.
  var conclusion: InspectionConclusion?
  var proposed: InspectionSignature?
  /// The second officer's, who says the same.
  var decided: InspectionSignature?
  /// What he found, in his own words; nil before, and where an earlier release decided it, which
  /// did not keep them.
  var decidedFindings: String?
  /// How often the registry was told of the finding.
  var ordersCount = 0
  /// When the registry had cancelled the permit.
  var cancelledAt: Timestamp?
  /// Why it would not, of its last answer.
  var refusedReasons: [CaseReason] = []
  /// The record of the fraud; nil while there is none.
  var credit: CreditEntry?
  /// Who has taken which part in it, for good.
  var officers: [String: InspectionPart] = [:]

  /// How long grounds, statement and findings are at most, in Unicode scalars.
  static let textCharactersMax = 500
  /// How long the number of a decision is at most, in Unicode scalars.
  static let numberCharactersMax = 64
}

/// Where an inspection stands. The raw value is what stands in the database and in `current_state`.
enum InspectionState: String, Hashable, Sendable, CaseIterable {
  /// The holder is heard.
  case open
  /// The first officer has concluded.
  case proposed
  /// Two officers found nothing; final.
  case cleared
  /// Two officers found fraud, and the registry is being told.
  case fraudFound = "fraud_found"
  /// The permit is cancelled; final.
  case cancelled
  /// The registry would not: back with who decides.
  case cancellationRefused = "cancellation_refused"
  /// The permit had ended by something else; final.
  case overtaken

  /// Whether it is over.
  var isClosed: Bool {
    switch self {
    case .cleared, .cancelled, .overtaken: true
    case .open, .proposed, .fraudFound, .cancellationRefused: false
    }
  }

  /// The part that is waited for; nil where none is.
  var awaited: InspectionPart? {
    switch self {
    case .open: .propose
    case .proposed, .cancellationRefused: .decide
    case .fraudFound, .cleared, .cancelled, .overtaken: nil
    }
  }
}

/// The part that an officer takes in an inspection; nobody takes two. Who decides has not
/// investigated, and one word is two officers' (Administrative Penalty Law, Arts. 42 and 57).
enum InspectionPart: String, Hashable, Sendable, CaseIterable {
  /// He has investigated, and told the holder the facts.
  case open
  /// He concludes.
  case propose
  /// He decides.
  case decide

  /// The stages of a case whose officers may take it.
  var stages: [Stage] {
    switch self {
    case .open: [.accept, .review]
    case .propose: [.review]
    case .decide: [.approve]
    }
  }
}

/// Who signed a step of an inspection, and when.
struct InspectionSignature: Hashable, Sendable {
  var officerID: String
  /// 12 digits.
  var officeCode: String
  var at: Timestamp
}

/// 陈述、申辩: what the holder said, or that he has nothing to say.
struct InspectionStatement: Hashable, Sendable {
  /// Empty where he has nothing to say.
  var text: String
  var signature: InspectionSignature

  var isWaived: Bool { self.text.isEmpty }
}

/// What an officer concludes.
struct InspectionConclusion: Hashable, Sendable {
  var outcome: Outcome
  /// What was found.
  var findings: String

  /// The word that two officers must say alike.
  enum Outcome: Hashable, Sendable {
    case nothingFound
    case fraud(Penalty)
  }

  /// The penalty for fraud, beside which the permit is cancelled.
  struct Penalty: Hashable, Sendable {
    /// At which age people begin to be punished for what they do (Administrative Penalty Law,
    /// Art. 30).
    static let ageMin = 14

    /// 决定书文号
    var decisionNumber: String
    var kind: Kind

    enum Kind: Hashable, Sendable {
      /// 不予行政处罚
      case notImposed
      /// 警告
      case warning
      /// 警告并处罚款
      case fine(yuan: Int)
    }

    /// In yuan; 0 for a warning alone, and where none is imposed.
    var fineYuan: Int {
      if case .fine(let yuan) = self.kind { yuan } else { 0 }
    }

    /// Whether it is imposed on somebody who was under age on the day of the act; no where nobody
    /// can say.
    func strikesChild(bornOn birthDate: CivilDate?, actedOn day: CivilDate) -> Bool {
      guard self.kind != .notImposed, let birthDate else { return false }
      return birthDate.completedYears(until: day) < Self.ageMin
    }
  }

  /// The penalty, also one that is not imposed; nil where nothing was found.
  var penalty: Penalty? {
    if case .fraud(let penalty) = self.outcome { penalty } else { nil }
  }
}
