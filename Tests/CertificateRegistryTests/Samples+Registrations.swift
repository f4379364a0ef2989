import DomainModel
import RPC
import TestSupport
import Wire

extension ModelV1.Address {
  /// Of another county of the unit of `westLake`.
  static let upperTown = ModelV1.Address(
    divisionCode: "330102", street: "清波街道", community: "", detail: "测试巷2号")
  /// Of another unit of the province.
  static let suichang = ModelV1.Address(
    divisionCode: "331123", street: "妙高街道", community: "", detail: "北街1号")
}

extension RegistryV1.ChangeRegistrationRequest {
  /// A move to another unit, reported in time.
  static func sample(_ registration: RegistryV1.Registration) -> Self {
    Self(
      idempotencyKey: "change-registration-key-1", registrationID: registration.registrationID,
      address: .suichang, workplace: "测试厂", changedOn: "2026-02-20", reportedOn: "2026-03-02",
      officeCode: "331123500000")
  }
}

extension RegistryV1.EndRegistrationRequest {
  static func sample(
    _ registration: RegistryV1.Registration, _ reason: RegistryV1.EndReason = .left,
    on day: String = "2026-03-01", key: String = "end-registration-key-1"
  ) -> Self {
    Self(
      idempotencyKey: key, registrationID: registration.registrationID, endedOn: day,
      reason: reason, officeCode: "330106500000")
  }
}

extension RegistryFixture {
  /// Records the sample's registration of a person, changed as told.
  func register(
    _ person: Int = 1, key: String = "registration-key-1",
    change: (inout RegistryV1.RecordRegistrationRequest) -> Void = { _ in }
  ) async throws -> RegistryV1.Registration {
    var request = RegistryV1.RecordRegistrationRequest.sample(person, key: key)
    change(&request)
    let answer = try await self.client.recordRegistration(request, options: .intake)
    guard let registration = answer.registration else {
      throw ServiceError(.registrationNotFound)
    }
    return registration
  }

  /// What is told about the residence of a person.
  func residence(
    of person: Int = 1, asOf day: String = "", options: CallOptions = .intake
  ) async throws -> RegistryV1.GetResidenceHistoryResponse {
    try await self.client.getResidenceHistory(
      .init(citizenID: CitizenIDs.woman(person), asOfOn: day), options: options)
  }
}
