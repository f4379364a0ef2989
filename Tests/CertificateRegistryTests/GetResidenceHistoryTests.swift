import DomainModel
import RPC
import TestSupport
import Testing
import Wire

struct GetResidenceHistoryTests {
  private static func request(_ person: Int) -> RegistryV1.GetResidenceHistoryRequest {
    RegistryV1.GetResidenceHistoryRequest(citizenID: CitizenIDs.woman(person))
  }

  @Test func `a person's registrations come by their declaration`() async throws {
    let registry = try await RegistryFixture()
    for (index, day) in ["2025-12-01", "2024-05-05", "2025-08-31"].enumerated() {
      var request = RegistryV1.RecordRegistrationRequest.sample(1, key: "registration-key-\(index)")
      request.declaredOn = day
      _ = try await registry.client.recordRegistration(request, options: .intake)
    }
    _ = try await registry.client.recordRegistration(
      .sample(2, key: "registration-key-9"), options: .intake)
    let history = try await registry.client.getResidenceHistory(
      Self.request(1), options: .intake)
    #expect(
      history.registrations.map(\.declaredOn) == ["2024-05-05", "2025-08-31", "2025-12-01"])
    #expect(history.liveCertificateIdentifier == "")
  }

  @Test func `the live permit is named`() async throws {
    let registry = try await RegistryFixture()
    let permit = try await registry.issue(1)
    let history = try await registry.client.getResidenceHistory(
      Self.request(1), options: .officer)
    #expect(history.registrations.isEmpty)
    #expect(history.liveCertificateIdentifier == permit?.certificateIdentifier)
  }

  @Test func `a person nobody has registered has no history`() async throws {
    let registry = try await RegistryFixture()
    let history = try await registry.client.getResidenceHistory(
      Self.request(1), options: .auditor)
    #expect(history == RegistryV1.GetResidenceHistoryResponse())
  }

  @Test func `a wrong citizen number is told, not searched`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.getResidenceHistory(
        RegistryV1.GetResidenceHistoryRequest(citizenID: "123"), options: .intake)
    }
    #expect(error?.violations.map(\.field) == ["citizen_id"])
  }
}
