import DomainModel
import RPC
import TestSupport
import Wire

@testable import CertificateRegistryCore

extension RegistryV1.ReportPersonEventRequest {
  /// A report about the `person`th person.
  static func sample(
    _ person: Int, _ event: Event?, key: String = "person-event-key-1"
  ) -> Self {
    var request = Self(
      idempotencyKey: key, citizenID: CitizenIDs.woman(person), source: "人口管理部门",
      reference: "2026-000123")
    request.event = event
    return request
  }
}

extension RegistryV1.ReportPersonEventRequest.Event {
  static func died(_ day: String) -> Self { .death(.init(diedOn: day)) }

  static func hukou(_ division: String, _ day: String) -> Self {
    .hukouMoved(.init(divisionCode: division, movedOn: day))
  }

  static func number(_ number: String, _ day: String) -> Self {
    .numberChanged(.init(newCitizenID: number, changedOn: day))
  }

  static func phone(_ phone: String, _ day: String) -> Self {
    .phoneReassigned(.init(phone: phone, reassignedOn: day))
  }
}

extension RegistryV1.ImportPermitRequest {
  /// The IC card of the `person`th person, good to 2026-05-20.
  static func sample(_ person: Int, key: String = "import-permit-key-1") -> Self {
    Self(
      idempotencyKey: key, kind: .icCard, number: "IC-\(person)", holder: .sample(person),
      residence: .westLake, phone: "13800138000",
      photoSha256: [UInt8](repeating: 0xA5, count: 32), bureauCode: "330106000000",
      issuedOn: "2015-05-20", validToOn: "2016-05-20")
  }
}

extension RegistryFixture {
  /// Has an authority report an event of the `person`th person.
  @discardableResult
  func report(
    _ person: Int, _ event: RegistryV1.ReportPersonEventRequest.Event?,
    key: String = "person-event-key-1"
  ) async throws -> RegistryV1.ReportPersonEventResponse {
    try await self.client.reportPersonEvent(
      .sample(person, event, key: key), options: .authority)
  }

  /// The permit as it is now, by any identifier it had.
  func permit(_ identifier: String) async throws -> RegistryV1.Permit {
    let found = try await self.client.getPermit(
      .init(certificateIdentifier: identifier), options: .auditor)
    guard let permit = found.permit else { throw ServiceError(.permitNotFound) }
    return permit
  }

  /// The history of a permit.
  func history(_ permit: RegistryV1.Permit) async throws -> [RegistryV1.PermitEvent] {
    try await self.client.getPermitHistory(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor
    ).events
  }
}
