import Wire

extension ModelV1.ApplicationForm {
  /// A form without defect: an adult from Anhui with a labour contract.
  static let adult = ModelV1.ApplicationForm(
    applicant: ModelV1.Identity(
      citizenID: adultNumber, name: "王小明", sex: .male, ethnicityCode: "01",
      householdAddress: ModelV1.Address(
        divisionCode: "341221", street: "城关镇", detail: "人民路8号")),
    residence: ModelV1.Address(
      divisionCode: "330106", street: "北山街道", community: "保俶社区", detail: "保俶路1号301室"),
    phone: "13812345678",
    claims: [ModelV1.ConditionClaim(condition: .employment, evidence: [.labourContract])],
    workplace: "杭州某某科技有限公司")

  /// A pupil whose mother applies.
  static var child: ModelV1.ApplicationForm {
    var form = Self.adult
    form.applicant?.citizenID = childNumber
    form.applicant?.name = "王小小"
    form.claims = [ModelV1.ConditionClaim(condition: .study, evidence: [.primarySchool])]
    form.guardian = ModelV1.Guardian(citizenID: guardianNumber, name: "李梅", relation: .parent)
    return form
  }

  /// Somebody else, otherwise the same.
  func of(_ citizenID: String) -> ModelV1.ApplicationForm {
    var form = self
    form.applicant?.citizenID = citizenID
    return form
  }
}
