import TestSupport
import Wire

extension ModelV1.Address {
  static let westLake = ModelV1.Address(
    divisionCode: "330106", street: "北山街道", community: "曙光社区", detail: "测试路1号2幢301室")
  static let shangrao = ModelV1.Address(
    divisionCode: "361121", street: "", community: "", detail: "测试镇8号")
}

extension ModelV1.Identity {
  /// The `index`th of 500 persons, from 0. The name holds a character beyond the basic plane and a
  /// middle dot.
  static func sample(_ index: Int) -> ModelV1.Identity {
    ModelV1.Identity(
      citizenID: CitizenIDs.woman(index), name: "阿依·𬎆", sex: .female, ethnicityCode: "05",
      householdAddress: .shangrao)
  }
}

extension RegistryV1.RecordRegistrationRequest {
  static func sample(_ person: Int, key: String = "registration-key-1") -> Self {
    Self(
      idempotencyKey: key, person: .sample(person), address: .westLake, declaredOn: "2025-08-31",
      endedOn: "", officeCode: "330106500000")
  }
}

extension RegistryV1.IssuePermitRequest {
  /// The order of the `person`th person's own case.
  static func sample(_ person: Int) -> Self {
    Self(
      idempotencyKey: "issue-key-of-person-\(person)", applicationID: "application-\(person)",
      caseID: "case-\(person)", holder: .sample(person), residence: .westLake,
      phone: "13800138000", photoSha256: [UInt8](repeating: 0xA5, count: 32),
      bureauCode: "330106000000", issuedOn: "2026-03-10", actor: "officer:approver-1",
      actorOffice: "330106000000", policyVersion: "zhejiang-1")
  }

  func changed(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}
