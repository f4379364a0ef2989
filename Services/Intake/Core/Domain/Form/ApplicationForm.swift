import DomainModel

/// A form without defect: what the rest of the service works with.
struct ApplicationForm: Hashable, Sendable {
  var citizenID: CitizenID
  var name: PersonName
  var phone: PhoneNumber
  var household: Address
  var residence: Address
  /// The conditions that are claimed.
  var conditions: Set<Condition>
  /// Who applies for a child under 16.
  var guardian: Guardian?

  /// A guardian.
  struct Guardian: Hashable, Sendable {
    var citizenID: CitizenID
    var name: PersonName
  }

  /// The form in a reading, or `FORM_DEFECTIVE` with everything that is wrong with it.
  init(_ reading: FormReading) throws {
    try FormRule.defects(of: reading).throwIfAny()
    self.citizenID = try reading.citizenID.get()
    self.name = try reading.name.get()
    self.phone = try reading.phone.get()
    self.household = reading.household
    self.residence = reading.residence
    self.conditions = Set(reading.input.claims.compactMap(\.condition.value))
    self.guardian = nil
    if let id = reading.guardianID, let name = reading.guardianName {
      self.guardian = Guardian(citizenID: try id.get(), name: try name.get())
    }
  }
}
