import DomainModel

@testable import IntakeCore

/// Citizen numbers with the check character of GB 11643-1999, computed here and not by the code
/// under test.
func citizenNumber(
  born birth: String, sequence: Int = 1, address: String = "341221"
) -> String {
  let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  let three = String(String(1_000 + sequence).dropFirst())
  let body = address + birth.filter { $0 != "-" } + three
  let sum = zip(body.utf8, weights).reduce(0) { $0 + (Int($1.0) - 48) * $1.1 }
  return body + String(Array("10X98765432")[sum % 11])
}

/// A person of full age, male for an odd sequence.
let adultNumber = citizenNumber(born: "1990-05-17", sequence: 11)
/// Eight years old in March 2026.
let childNumber = citizenNumber(born: "2018-02-01", sequence: 21)
/// The child's mother.
let guardianNumber = citizenNumber(born: "1992-11-30", sequence: 24)

extension FormInput {
  /// A form without defect: an adult from Anhui, living in Xihu district, with a labour contract.
  static func adult() -> FormInput {
    FormInput(
      applicant: IdentityInput(
        citizenID: adultNumber, name: "王小明", sex: .known(.male), ethnicityCode: "01",
        household: AddressInput(divisionCode: "341221", street: "城关镇", detail: "人民路8号")),
      residence: AddressInput(
        divisionCode: "330106", street: "北山街道", community: "保俶社区", detail: "保俶路1号301室"),
      phone: "13812345678",
      claims: [ClaimInput(condition: .known(.employment), evidence: [.known(.labourContract)])],
      workplace: "杭州某某科技有限公司")
  }

  /// A form without defect: a pupil whose mother applies.
  static func child() -> FormInput {
    var form = FormInput.adult()
    form.applicant.citizenID = childNumber
    form.applicant.name = "王小小"
    form.claims = [ClaimInput(condition: .known(.study), evidence: [.known(.primarySchool)])]
    form.guardian = GuardianInput(
      citizenID: guardianNumber, name: "李梅", relation: .known(.parent))
    return form
  }
}

extension Set<MaterialSlot> {
  /// What `FormInput.adult` needs.
  static let ofAdult: Self = [
    MaterialSlot(.idCard), MaterialSlot(.photo), MaterialSlot(.evidence, evidence: .labourContract),
  ]
  /// What `FormInput.child` needs.
  static let ofChild: Self = [
    MaterialSlot(.idCard), MaterialSlot(.photo), MaterialSlot(.evidence, evidence: .primarySchool),
    MaterialSlot(.guardianIDCard), MaterialSlot(.guardianshipProof),
  ]
}
