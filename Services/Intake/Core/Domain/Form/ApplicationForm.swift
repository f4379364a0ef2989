import DomainModel

/// A form without defect: what the rest of the service works with.
struct ApplicationForm: Hashable, Sendable {
  var citizenID: CitizenID
  var name: PersonName
  /// Where the kind asks for it and it is given.
  var phone: PhoneNumber?
  var household: Address
  /// Where the kind asks for it and it is given.
  var residence: Address?
  /// The conditions that are claimed.
  var conditions: Set<Condition>
  /// Who applies for a child under 16.
  var guardian: Guardian?
  /// Who else acts for him.
  var proxy: Guardian?
  /// Empty where there is none.
  var workplace: String
  /// The day of what a change reports.
  var changedOn: CivilDate?

  /// A guardian, or who else acts.
  struct Guardian: Hashable, Sendable {
    var citizenID: CitizenID
    var name: PersonName
  }

  /// The form in a reading, or `FORM_DEFECTIVE` with everything that is wrong with it.
  init(_ reading: FormReading) throws {
    try FormRule.defects(of: reading).throwIfAny()
    self.citizenID = try reading.citizenID.get()
    self.name = try reading.name.get()
    self.phone = TextRules.isBlank(reading.input.phone) ? nil : try reading.phone.get()
    self.household = reading.household
    self.residence = reading.input.residence == AddressInput() ? nil : reading.residence
    self.conditions = Set(reading.input.claims.compactMap(\.condition.value))
    self.workplace = reading.input.workplace
    self.changedOn = CivilDate(iso: reading.input.changedOn)
    self.guardian = nil
    self.proxy = nil
    if let id = reading.proxyID, let name = reading.proxyName {
      self.proxy = Guardian(citizenID: try id.get(), name: try name.get())
    }
    if let id = reading.guardianID, let name = reading.guardianName {
      self.guardian = Guardian(citizenID: try id.get(), name: try name.get())
    }
  }
}
