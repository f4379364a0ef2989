import DomainModel

/// A person as the identity card shows him, as sent: not yet checked.
struct IdentityClaim: Hashable, Sendable {
  var citizenID: String
  var name: String
  var sex: Sex?
  var ethnicityCode: String
  var household: Address

  /// The person, or nil once every defect was noted under `field`.
  func checked(
    at field: String, on today: CivilDate, _ divisions: DivisionTable,
    _ defects: inout DefectList
  ) -> PersonIdentity? {
    let citizenID = defects.take(
      CitizenID.check(self.citizenID, on: today), at: "\(field).citizen_id")
    let name = defects.take(PersonName.check(self.name), at: "\(field).name")
    if let sex = self.sex {
      if let citizenID, citizenID.sex != sex {
        defects.add(.sexNotMatchingID, at: "\(field).sex")
      }
    } else {
      defects.add(.fieldMissing, at: "\(field).sex")
    }
    let ethnicity = defects.take(
      Ethnicity.check(self.ethnicityCode), at: "\(field).ethnicity_code")
    self.household.check(
      as: .hukou, in: divisions, on: today, field: "\(field).household_address", into: &defects)
    guard let citizenID, let name, let ethnicity else { return nil }
    return PersonIdentity(
      citizenID: citizenID, name: name, ethnicity: ethnicity, household: self.household)
  }
}

extension PersonIdentity {
  /// A person as he was registered: name, ethnicity's code, and the hukou address in four parts.
  /// Nil where the texts are none of these.
  init?(citizenID: String, registeredAs fields: [String]) {
    let number = CitizenID.check(citizenID, on: .latest, from: CitizenID.anyOrigin)
    guard fields.count == 6, case .success(let citizenID) = number,
      case .success(let name) = PersonName.check(fields[0]),
      let ethnicity = Ethnicity(code: fields[1])
    else { return nil }
    self.init(
      citizenID: citizenID, name: name, ethnicity: ethnicity,
      household: Address(
        division: fields[2], street: fields[3], community: fields[4], detail: fields[5]))
  }
}

/// A person as the identity card shows him, checked. Sex and birth date are the number's.
struct PersonIdentity: Hashable, Sendable {
  let citizenID: CitizenID
  let name: PersonName
  let ethnicity: Ethnicity
  /// 常住户口所在地住址
  let household: Address
}
