/// How a kind's lines are read, each section by itself.
extension KindPolicy {
  /// The most that anything costs: 1,000 yuan.
  private static let feeFenMax = 100_000

  mutating func takeField(_ row: PolicyRow) throws(PolicyFileError) {
    let field = try row.word(2, "field", of: FormField.self)
    let need = try row.word(3, "need", of: Need.self)
    let isFor: Set<FormField> = need == .minor ? [.guardian] : Set(FormField.allCases)
    guard [.required, .optional, .minor].contains(need), isFor.contains(field) else {
      throw row.error("\(field.rawValue) cannot be \(need.rawValue)")
    }
    self.fields[field] = need
  }

  mutating func takeMaterial(_ row: PolicyRow, _ ground: String) throws(PolicyFileError) {
    let material = try row.word(2, "material", of: MaterialKind.self)
    let need = try row.word(3, "need", of: Need.self)
    if (need == .claimed) != (material == .evidence) {
      throw row.error("\(material.name) cannot be \(need.rawValue)")
    }
    let all = row.fields[4] == "*"
    let channels = all ? self.channels : try row.words(4, "channel", of: ApplicationChannel.self)
    if let stranger = channels.subtracting(self.channels).min(by: { $0.rawValue < $1.rawValue }) {
      throw row.error("\(self.kind.rawValue) is not offered by \(stranger.name)")
    }
    if channels.isEmpty { throw row.error("\(material.name) is asked for in no channel") }
    self.materials.append(
      MaterialRule(material: material, need: need, channels: channels, ground: ground))
  }

  mutating func takeCondition(_ row: PolicyRow, _ ground: String) throws(PolicyFileError) {
    let condition = try row.word(2, "condition", of: Condition.self)
    let evidence = try row.words(3, "evidence", of: EvidenceKind.self)
    if evidence.isEmpty { throw row.error("nothing proves \(condition.name)") }
    for kind in EvidenceKind.allCases where evidence.contains(kind) && kind.condition != condition {
      throw row.error("\(kind.name) proves \(kind.condition.name), not \(condition.name)")
    }
    self.conditions.append(
      ConditionRule(condition: condition, evidence: evidence, ground: ground))
  }

  mutating func takeRule(_ row: PolicyRow, _ ground: String) throws(PolicyFileError) {
    let text = try row.text(2, "rule")
    guard let rule = EligibilityRule(rawValue: text) else {
      throw row.error("no such rule of eligibility: \(text)")
    }
    let waivedBy =
      row.optionalText(3) == nil ? nil : try row.word(3, "condition", of: Condition.self)
    if let waivedBy, self.evidence(of: waivedBy) == nil {
      throw row.error("\(waivedBy.name) cannot be claimed, so it lifts nothing")
    }
    self.rules.append(RuleUse(rule: rule, waivedBy: waivedBy, ground: ground))
    let order = EligibilityRule.allCases
    self.rules.sort { one, other in
      (order.firstIndex(of: one.rule) ?? 0) < (order.firstIndex(of: other.rule) ?? 0)
    }
  }

  mutating func takeStage(_ row: PolicyRow, _ ground: String) throws(PolicyFileError) {
    let step = try row.word(2, "step", of: CaseStage.Step.self)
    let offices = try row.words(3, "kind of office", of: Office.Kind.self)
    if step.isSigned && offices.isEmpty { throw row.error("nobody is there to \(step.rawValue)") }
    if step == .approve, offices.contains(.station) || offices.contains(.window) {
      throw row.error("a bureau approves, or a population centre that a county names")
    }
    let days = row.optionalText(4) == nil ? nil : try row.number(4, "working days", in: 1...30)
    if !step.isSigned && days == nil { throw row.error("\(step.rawValue) has no term") }
    self.stages.append(
      CaseStage(step: step, offices: offices, workingDays: days, ground: ground))
  }

  mutating func takeFee(_ row: PolicyRow, _ ground: String) throws(PolicyFileError) {
    self.fee = Fee(fen: try row.number(2, "fee", in: 0...Self.feeFenMax), ground: ground)
  }

  mutating func takeClock(_ row: PolicyRow) throws(PolicyFileError) {
    let clock = try row.word(2, "clock", of: CaseClock.self)
    self.clocks[clock] = try row.number(3, clock.rawValue, in: 1...30)
  }
}

/// What is wrong with a kind as a whole, told at its own line.
extension KindPolicy {
  var flaw: String? {
    if self.fields[.applicant] != .required { return "does not ask who applies" }
    return self.flawOfClaims ?? self.flawOfGuardian ?? self.flawOfStages
  }

  private var flawOfClaims: String? {
    let hasClaims = self.fields[.claims] != nil
    if hasClaims && self.conditions.isEmpty { return "asks for claims and has no condition" }
    if !hasClaims && !self.conditions.isEmpty { return "has conditions that nobody can claim" }
    if hasClaims != self.takes(.evidence) {
      return hasClaims ? "takes no evidence of what is claimed" : "takes evidence of no claim"
    }
    let needsClaim = self.rules.contains { $0.rule == .conditionNotShown }
    return needsClaim && !hasClaims ? "has a rule on conditions and none of them" : nil
  }

  private var flawOfGuardian: String? {
    let papers = self.materials.filter { $0.need == .minor }.map(\.material)
    let hasGuardian = self.fields[.guardian] != nil
    if !papers.isEmpty && !hasGuardian { return "asks for a guardian's papers and for no guardian" }
    if hasGuardian && !self.proxies.contains(.guardian) {
      return "asks for a guardian, who may not act"
    }
    return nil
  }

  /// Every open state has somebody who ends it, within a term, and no officer signs twice.
  private var flawOfStages: String? {
    let signed = self.signedStages
    let ways: [[CaseStage.Step]] = [[], [.confirm], [.accept, .review, .approve]]
    if !ways.contains(signed) {
      return "is signed by none, or confirmed, or accepted, reviewed and approved in that order"
    }
    if signed.isEmpty && (!self.stages.isEmpty || !self.clocks.isEmpty) {
      return "takes effect at once: it has neither stages nor clocks"
    }
    if self.isDecided && self.channels.contains(.collector) {
      return "cannot come from a collector, who records declarations only"
    }
    let before = self.stages.prefix { $0.step != .make && $0.step != .notify }
    let days = before.compactMap(\.workingDays).reduce(0, +)
    if let promise = self.clocks[.promise], days > promise {
      return "promises \(promise) working days, and its stages take \(days)"
    }
    return nil
  }
}
