import DomainModel

/// 不良信息: the record of a fraud, from the permit's end until five years after the decision, here
/// and at the platforms that keep such records (Zhejiang Regulation, Art. 36; Zhejiang Public
/// Credit Information Regulation, Arts. 2, 11, 16 and 30 to 32). Never on suspicion.
struct CreditEntry: Hashable, Sendable {
  /// For how many years after the decision it is kept (Zhejiang Public Credit Information
  /// Regulation, Art. 16).
  static let years = 5
  /// From which age on, at the decision, a person has a credit record: only whoever has full
  /// capacity (that regulation, Art. 2; Civil Code, Art. 18). Whether somebody of 16 or 17 lives by
  /// his own work, and has it too, is not known here: of him nothing is recorded.
  static let ageMin = 18

  var state = CreditEntryState.recorded
  /// By which the platforms know it: from 1 on.
  var version: Int64 = 1
  /// What it says; nil once it is withdrawn or erased.
  var penalty: InspectionConclusion.Penalty?
  var recordedAt: Timestamp
  /// Since when it stands so; of an erased one the instant of law.
  var changedAt: Timestamp
  /// What the last dispute came to; nil where there was none, and once it is erased.
  var dispute: CreditDispute?
}

/// How a credit entry stands. The raw value is what stands in the database and in `credit_state`.
enum CreditEntryState: String, Hashable, Sendable, CaseIterable {
  /// As two officers have found.
  case recorded
  /// As a dispute has led to.
  case corrected
  /// A dispute has shown that it should not be there; final.
  case withdrawn
  /// Its years are over; final.
  case erased

  /// Whether it says something of a person.
  var isLive: Bool {
    switch self {
    case .recorded, .corrected: true
    case .withdrawn, .erased: false
    }
  }
}

/// 异议: what the dispute of an entry has shown, and who decided so.
struct CreditDispute: Hashable, Sendable {
  var reason: String
  var signature: InspectionSignature
}

/// What an officer wants a dispute to come to: not yet checked.
struct CreditDisputeDraft: Hashable, Sendable {
  var reason: String
  /// What the entry is to say; nil where it is to be withdrawn.
  var correction: PenaltyDraft?
}

extension Inspection {
  /// The last day on which the record of the fraud is kept: a term of years ends on the
  /// corresponding day (Civil Code, Art. 202), at 24:00. Nil before the decision.
  var creditKeptUntil: CivilDate? {
    self.decided.map { CivilDate(of: $0.at).adding(years: CreditEntry.years) }
  }

  /// When the record is erased; nil where there is none that says something.
  var creditErasedAt: Timestamp? {
    guard self.credit?.state.isLive == true else { return nil }
    return self.creditKeptUntil?.endOfDay
  }

  /// The fraud is recorded: two officers have found it, and the permit has ended, by that or by
  /// something else before. Nil where that is not so, where it was recorded before, and where its
  /// years are over already. Of somebody whom the registry has erased nothing is recorded either,
  /// nor of a minor, or of somebody of whom it is not known when he was born.
  func creditRecording(of birthDate: CivilDate?, at now: Timestamp) -> InspectionEvent? {
    guard self.credit == nil, let penalty = self.conclusion?.penalty, let decided = self.decided,
      let until = self.creditKeptUntil, now < until.endOfDay,
      let age = birthDate?.completedYears(until: CivilDate(of: decided.at)),
      age >= CreditEntry.ageMin
    else { return nil }
    switch self.state {
    case .cancelled: return .creditRecorded(penalty, at: now)
    case .overtaken:
      let hasEnded = self.refusedReasons.map(\.code) == [ErrorReason.permitWrongState.rawValue]
      return hasEnded ? .creditRecorded(penalty, at: now) : nil
    case .open, .proposed, .cleared, .fraudFound, .cancellationRefused: return nil
    }
  }

  /// The record's years are over by an instant; nil where they are not.
  func creditErasure(by now: Timestamp) -> InspectionEvent? {
    guard let at = self.creditErasedAt, at <= now else { return nil }
    return .creditErased(at: at)
  }

  /// The record as it stands in law at an instant, whether or not the timer has written it down.
  func credit(at now: Timestamp) -> CreditEntry? {
    self.creditErasure(by: now).map { self.applying($0).credit } ?? self.credit
  }
}

extension Inspection {
  /// The record after an event of it.
  func credit(after event: InspectionEvent) -> CreditEntry? {
    if case .creditRecorded(let penalty, let at) = event {
      return CreditEntry(penalty: penalty, recordedAt: at, changedAt: at)
    }
    guard var next = self.credit else { return nil }
    switch event {
    case .creditCorrected(let penalty, let dispute):
      next.state = .corrected
      next.penalty = penalty
      next.changedAt = dispute.signature.at
      next.dispute = dispute
    case .creditWithdrawn(let dispute):
      next.state = .withdrawn
      next.penalty = nil
      next.changedAt = dispute.signature.at
      next.dispute = dispute
    case .creditErased(let at):
      next.state = .erased
      next.penalty = nil
      next.changedAt = at
      next.dispute = nil
    default: return next
    }
    next.version += 1
    return next
  }
}
