import DomainModel

/// What a guide is made of: one kind of a policy, and the offices of the division that is asked
/// for.
struct GuideSource: Sendable {
  let kind: KindPolicy
  let policy: PolicySettings
  /// Six digits; empty where none is asked for.
  let division: String
  /// Those of the division that take the kind today.
  let offices: [Office]

  /// A term that runs on an application of the kind, or on what comes of it.
  struct Term: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case guarding, promise, statute, supplement, validity }
    enum Unit: Hashable, Sendable { case workingDay, day, month }

    var kind: Kind
    var length: Int
    var unit: Unit
    var ground: String
  }

  /// The terms: none where the kind takes effect at once, but for a permit's validity.
  var terms: [Term] {
    var terms: [Term] = []
    if self.kind.isDecided {
      terms.append(self.term(.guarding, .guarding, .workingDay))
    }
    if !self.kind.signedStages.isEmpty {
      terms.append(self.term(.promise, .promise, .workingDay))
      terms.append(self.term(.statute, .statute, .day))
    }
    if self.kind.isDecided {
      terms.append(
        Term(
          kind: .supplement, length: self.policy.supplementDays, unit: .day,
          ground: self.policy.grounds["supplement_days"] ?? ""))
    }
    if self.kind.kind.makesPermitValid {
      terms.append(
        Term(
          kind: .validity, length: self.policy.validityMonths, unit: .month,
          ground: self.policy.grounds["validity_months"] ?? ""))
    }
    return terms
  }

  private func term(_ kind: Term.Kind, _ clock: CaseClock, _ unit: Term.Unit) -> Term {
    Term(
      kind: kind, length: self.policy.days(clock, of: self.kind.kind), unit: unit,
      ground: self.policy.ground(of: clock, self.kind.kind))
  }

  /// The offices that take a step, by code.
  func offices(of stage: CaseStage) -> [Office] {
    self.offices.filter { stage.offices.contains($0.kind) }.sorted { $0.code < $1.code }
  }

  /// Those whose decision is the last word before an appeal, and who hears that.
  var deciders: [(office: Office, appeal: Office.Appeal)] {
    guard let last = self.kind.stages.last(where: { $0.step.isSigned }) else { return [] }
    return self.offices(of: last).compactMap { office in office.appeal.map { (office, $0) } }
  }

  /// The ground of a section's only line about the kind.
  func ground(of section: String) -> String {
    let keys = self.kind.grounds.keys.filter { $0.hasPrefix("\(section) ") }
    return keys.min().flatMap { self.kind.grounds[$0] } ?? ""
  }
}

extension ApplicationKind {
  /// Whether it ends in a permit's new validity.
  fileprivate var makesPermitValid: Bool {
    switch self {
    case .firstPermit, .endorsement, .conversionByPermit, .conversionByRegistration: true
    case .residenceRegistration, .addressChange, .contactChange, .faceDataCorrection, .lossReport,
      .lossWithdrawal, .cancellation, .confirmationSlip:
      false
    }
  }
}
