import DomainModel
import People
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
      "\(Int.random(in: 1965...2000))" + SampleNumber.digits(Int.random(in: 1...12), 2)
      + SampleNumber.digits(Int.random(in: 1...28), 2)
    let surnames = ["王", "李", "张", "刘", "陈", "𬎆"]
    let given = ["建国", "秀英", "志强", "晓燕", "海涛", "美玲"]
    return WalkPerson(
      citizenID: SampleNumber.citizenID("341224", born: born, sequence: sequence),
      name: (surnames.randomElement() ?? "王") + (given.randomElement() ?? "建国"),
      sex: sequence % 2 == 1 ? .male : .female,
      phone: "138" + SampleNumber.digits(Int.random(in: 0...99_999_999), 8))
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
