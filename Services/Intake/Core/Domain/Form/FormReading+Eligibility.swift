import DomainModel

/// What a form says of the facts that eligibility is judged by.
extension FormReading {
  /// What hides who the person is or where he lives: a value that is there and cannot be read. What
  /// is missing hides nothing, the rules that need it say so; neither does a number of Hong Kong,
  /// Macau, Taiwan or a foreigner, whom a rule sends to the document that is theirs.
  var unreadable: DefectList {
    var defects = DefectList()
    let number = CitizenID.check(
      self.input.applicant.citizenID, on: self.context.today, from: CitizenID.anyOrigin)
    defects.add(
      number.reasons.filter { $0 != .fieldMissing }, at: "form.applicant.citizen_id")
    for (address, use, field) in [
      (self.household, Address.Use.hukou, "form.applicant.household_address"),
      (self.residence, Address.Use.residence, "form.residence"),
    ] where !TextRules.isBlank(address.division) {
      let reasons = address.divisionDefects(
        as: use, in: self.context.divisions, on: self.context.today)
      defects.add(reasons, at: "\(field).division_code")
    }
    return defects
  }
}

extension EligibilityFacts {
  /// The facts in a form; what the registry knows is unknown until it was asked.
  init(_ reading: FormReading) {
    let input = reading.input
    let number = CitizenID.check(
      input.applicant.citizenID, on: reading.context.today, from: CitizenID.anyOrigin)
    let ofNumber = ["form.applicant.citizen_id"]
    let divisions = reading.context.divisions
    let hukou = reading.household.division
    let residence = reading.residence.division
    self.init(
      today: reading.context.today,
      origin: number.value.map { .known($0.origin) } ?? .unknown(ofNumber),
      hukouUnit: TextRules.isBlank(hukou)
        ? .unknown(["form.applicant.household_address.division_code"])
        : .known(divisions.residenceUnit(of: hukou)),
      residenceUnit: divisions.residenceUnit(of: residence).map { .known($0) }
        ?? .unknown(["form.residence.division_code"]),
      registrations: .unknown(ofNumber), permit: .unknown(ofNumber), shown: reading.shown,
      proxy: reading.proxy)
    let county = divisions.division(residence)
    self.residenceDivisions = [county?.code, county?.parent].compactMap(\.self)
  }
}

extension FormReading {
  /// The conditions that are claimed with evidence, all of it uploaded. A tick alone shows nothing.
  fileprivate var shown: Known<Set<Condition>> {
    if self.input.claims.isEmpty { return .unknown(["form.claims"]) }
    var shown: Set<Condition> = []
    for claim in self.input.claims {
      guard let condition = claim.condition.value else { continue }
      let kinds = claim.evidence.compactMap(\.value).filter { $0.condition == condition }
      let isShown = kinds.allSatisfy { self.slots.contains(MaterialSlot(.evidence, evidence: $0)) }
      let isKnown = condition == .dwelling && self.isDwellingKnown
      if isKnown || (!kinds.isEmpty && isShown) { shown.insert(condition) }
    }
    return .known(shown)
  }

  /// As what somebody acts: as the login says, else as whom the form names.
  fileprivate var proxy: ActingCapacity? {
    self.context.proxy ?? self.input.proxy?.capacity.value
      ?? (self.input.guardian == nil ? nil : .guardian)
  }
}
