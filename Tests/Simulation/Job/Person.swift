import TestSupport
import Wire

/// One applicant of a run.
struct Person: Hashable, Sendable {
  let citizenID: String
  let phone: String

  /// The `index`th of a run's applicants: born on a day of their own, so that no two are the same.
  init(_ index: Int) {
    let day = String(101 + index % 28).dropFirst()
    self.citizenID = CitizenIDs.number("34122119900\(1 + index / 28 % 9)\(day)011")
    self.phone = "138\(String(100_000_000 + index).dropFirst())"
  }

  var identity: ModelV1.Identity {
    ModelV1.Identity(
      citizenID: self.citizenID, name: "王小明", sex: .male, ethnicityCode: "01",
      householdAddress: ModelV1.Address(
        divisionCode: "341221", street: "城关镇", detail: "人民路8号"))
  }

  static let residence = ModelV1.Address(
    divisionCode: "330106", street: "北山街道", community: "保俶社区", detail: "保俶路1号301室")

  /// What is uploaded with the form.
  static let materials: [(ModelV1.MaterialKind, ModelV1.EvidenceKind)] = [
    (.idCard, .unspecified), (.photo, .unspecified), (.evidence, .labourContract),
  ]

  /// A form without defect.
  var form: ModelV1.ApplicationForm {
    ModelV1.ApplicationForm(
      applicant: self.identity, residence: Self.residence, phone: self.phone,
      claims: [ModelV1.ConditionClaim(condition: .employment, evidence: [.labourContract])],
      workplace: "杭州某某科技有限公司")
  }
}
