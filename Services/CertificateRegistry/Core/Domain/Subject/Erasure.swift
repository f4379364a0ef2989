import DomainModel

/// On what an erasure rests (个人信息保护法 Art. 47).
enum ErasureGround: String, Hashable, Sendable, CaseIterable {
  /// The person asks for it (Arts. 47 and 50).
  case ownRequest = "own_request"
  /// A near relative of one who has died asks for it (Art. 49).
  case relativesRequest = "relatives_request"
  /// The term is over for which it is kept: nobody need ask (Art. 47(1)(2)).
  case termOver = "term_over"
}

/// An erasure, as the histories of what was erased say it.
struct Erasure: Hashable, Sendable {
  let ground: ErasureGround
  /// The number under which the request is filed; empty where there is none.
  var reference = ""

  /// The ground's code, and the request's number.
  var detail: String {
    self.reference.isEmpty
      ? self.ground.rawValue : "\(self.ground.rawValue); request \(self.reference)"
  }
}

/// What stands against an erasure, as machine codes.
enum ErasureRule: String, Hashable, Sendable, CaseIterable {
  /// The person holds a permit: it is kept as long as it lives, and suspended or lost it does.
  case permitLive = "PERMIT_LIVE"
  /// A registration is in force.
  case registrationInForce = "REGISTRATION_IN_FORCE"
  /// An application for endorsement is not decided.
  case endorsementPending = "ENDORSEMENT_PENDING"
  /// A court's order holds a permit, of whatever state.
  case permitHeld = "PERMIT_HELD"
  /// A text about a permit has not been handed over yet.
  case textsOwed = "TEXTS_OWED"
  /// The term is not over for which it must be kept.
  case termNotOver = "TERM_NOT_OVER"
}

/// What is on record of a person that bears on his erasure.
struct ErasureRecord: Hashable, Sendable {
  var permits: [Permit] = []
  var registrations: [Registration] = []
  /// Whether texts about his permits are owed.
  var owesTexts = false
  /// When anything of it was written last, or the person came to be known.
  var writtenAt: Timestamp
}

/// Whether a person may be erased: pure.
struct ErasureMachine: Sendable {
  /// For how many years records are kept after their end. No law names a term for them, and so the
  /// longest counts in which they may be asked for in court: five years from the act (行政诉讼法
  /// Art. 46); what is filed of the case is kept by whoever filed it.
  let years: Int

  /// The last day of the term as things stand: it runs from the last end of a permit or a
  /// registration, and from the last writing where that is later, as after an import.
  func keptTo(_ record: ErasureRecord) -> CivilDate {
    let ends =
      record.registrations.compactMap(\.endedOn)
      + record.permits.compactMap { $0.standing.cancellation.map { CivilDate(of: $0.at) } }
    return ends.reduce(CivilDate(of: record.writtenAt), max).adding(years: self.years)
  }

  /// Everything that stands against it at an instant; nothing where he may be erased.
  func rules(against record: ErasureRecord, at now: Timestamp) -> [ErasureRule] {
    let isTermOver = self.keptTo(record) < CivilDate(of: now)
    let rules: [(ErasureRule, Bool)] = [
      (.permitLive, record.permits.contains(where: \.isLive)),
      (.registrationInForce, record.registrations.contains { $0.endedOn == nil }),
      (.endorsementPending, record.permits.contains { $0.standing.pending != nil }),
      (.permitHeld, record.permits.contains { !$0.standing.holds.isEmpty }),
      (.textsOwed, record.owesTexts),
      (.termNotOver, !isTermOver),
    ]
    return rules.filter(\.1).map(\.0)
  }

  /// Throws `ERASURE_NOT_YET` with everything that stands against it, and the last day of the term.
  func check(_ record: ErasureRecord, at now: Timestamp) throws {
    let rules = self.rules(against: record, at: now)
    if rules.isEmpty { return }
    throw ServiceError(
      .erasureNotYet,
      metadata: [
        "rules": rules.map(\.rawValue).joined(separator: " "),
        "kept_to_on": self.keptTo(record).iso,
      ])
  }
}
