import DomainModel
import Wire

/// A person made up for one walk: a valid citizen number, so that a walk can be repeated over the
/// same data without meeting the last one's permit.
struct WalkPerson {
  let citizenID: String
  let name: String
  let sex: ModelV1.Sex
  let phone: String

  static func random() -> WalkPerson {
    let sequence = Int.random(in: 1...999)
    let born =
      "\(Int.random(in: 1965...2000))" + Self.digits(Int.random(in: 1...12), 2)
      + Self.digits(Int.random(in: 1...28), 2)
    let seventeen = "341224" + born + Self.digits(sequence, 3)
    let surnames = ["王", "李", "张", "刘", "陈", "𬎆"]
    let given = ["建国", "秀英", "志强", "晓燕", "海涛", "美玲"]
    return WalkPerson(
      citizenID: seventeen + String(Self.checkCharacter(seventeen)),
      name: (surnames.randomElement() ?? "王") + (given.randomElement() ?? "建国"),
      sex: sequence % 2 == 1 ? .male : .female,
      phone: "138" + Self.digits(Int.random(in: 0...99_999_999), 8))
  }

  /// GB 11643-1999: ISO 7064 MOD 11-2.
  private static func checkCharacter(_ seventeen: String) -> Character {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(seventeen.utf8, weights).reduce(0) { $0 + (Int($1.0) - 48) * $1.1 }
    return Array("10X98765432")[sum % 11]
  }

  private static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  var identity: ModelV1.Identity {
    ModelV1.Identity(
      citizenID: self.citizenID, name: self.name, sex: self.sex, ethnicityCode: "01",
      householdAddress: ModelV1.Address(
        divisionCode: "341224", street: "城关镇", detail: "人民路8号"))
  }

  var residence: ModelV1.Address {
    ModelV1.Address(divisionCode: "330106", street: "北山街道", detail: "保俶路1号2幢301室")
  }

  var form: ModelV1.ApplicationForm {
    ModelV1.ApplicationForm(
      applicant: self.identity, residence: self.residence, phone: self.phone,
      claims: [
        ModelV1.ConditionClaim(condition: .employment, evidence: [.labourContract])
      ], workplace: "杭州某某科技有限公司")
  }
}
