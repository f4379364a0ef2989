import DomainModel

/// A third party's report that somebody lives somewhere. It declares nothing in the person's name:
/// it reminds him that he is to declare it himself.
struct Lead: Hashable, Sendable {
  /// Who reports.
  enum Source: Int32, Hashable, Sendable, CaseIterable {
    /// 用人单位
    case employer = 1
    /// 房屋出租人
    case landlord = 2
    /// 学校
    case school = 3
  }

  /// For how many days a lead is kept.
  static let days = 180
  /// For how many days after a reminder the same person gets no other.
  static let reminderDays = 30
  /// The most characters of a reporter's name.
  static let reporterCharactersMax = 100

  let source: Source
  let citizenID: CitizenID
  let name: PersonName
  let phone: PhoneNumber
}

/// A lead as the caller wrote it.
struct LeadInput: Hashable, Sendable {
  var source = Choice<Lead.Source>.missing
  var reportedBy = ""
  var citizenID = ""
  var name = ""
  var phone = ""
  var residence = AddressInput()
  var sinceOn = ""

  /// The lead, or `REQUEST_INVALID` with everything that is wrong with it.
  func checked(on today: CivilDate, in divisions: DivisionTable) throws -> Lead {
    var defects = DefectList()
    let source = defects.take(self.source.checked, at: "lead.source")
    defects.add(
      TextRules.defects(of: self.reportedBy, charactersMax: Lead.reporterCharactersMax),
      at: "lead.reported_by")
    let citizenID = defects.take(
      CitizenID.check(self.citizenID, on: today), at: "lead.citizen_id")
    let name = defects.take(PersonName.check(self.name), at: "lead.name")
    let phone = defects.take(PhoneNumber.check(self.phone), at: "lead.phone")
    Address(
      division: self.residence.divisionCode, street: self.residence.street,
      community: self.residence.community, detail: self.residence.detail
    ).check(as: .residence, in: divisions, on: today, field: "lead.residence", into: &defects)
    if !self.sinceOn.isEmpty {
      let since = CivilDate(iso: self.sinceOn)
      if since == nil { defects.add(.dateInvalid, at: "lead.since_on") }
      if let since, since > today { defects.add(.dateInFuture, at: "lead.since_on") }
    }
    try defects.throwIfAny(.requestInvalid)
    guard let source, let citizenID, let name, let phone else {
      throw ServiceError(.requestInvalid)
    }
    return Lead(source: source, citizenID: citizenID, name: name, phone: phone)
  }
}
