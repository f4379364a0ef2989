import DomainModel
import RPC
import TestSupport
import Testing
import Wire

/// What an officer reaches: the registrations of his own office and those below it, the permits of
/// his county.
struct OfficerReachTests {
  private typealias Residence = RegistryV1.GetResidenceHistoryRequest

  /// The reason of what `body` throws; nil if it throws nothing.
  private func refusal(_ body: () async throws -> Void) async throws -> String? {
    do {
      try await body()
      return nil
    } catch let error as ServiceError {
      return error.reason
    }
  }

  @Test(arguments: [
    ("330106500000", nil), ("330106000000", nil), ("330102500000", "OFFICER_WRONG_OFFICE"),
    ("330102000000", "OFFICER_WRONG_OFFICE"), ("330106510000", "OFFICER_WRONG_OFFICE"),
  ])
  func `registrations are of the office that made them and of those above`(
    office: String, expected: String?
  ) async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
    let reason = try await self.refusal {
      let history = try await registry.client.getResidenceHistory(
        Residence(citizenID: CitizenIDs.woman(1)), options: .officer(office))
      #expect(history.registrations.count == 1)
    }
    #expect(reason == expected)
  }

  @Test(arguments: [
    ("330106500000", nil), ("330106000000", nil), ("330102500000", "OFFICER_WRONG_OFFICE"),
    ("330102000000", "OFFICER_WRONG_OFFICE"),
  ])
  func `permits are of the bureau that issued them and of its stations`(
    office: String, expected: String?
  ) async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let calls: [(RegistryV1.CertificateRegistryServiceClient) async throws -> Void] = [
      { client in
        _ = try await client.getPermit(
          .init(certificateIdentifier: permit.certificateIdentifier), options: .officer(office))
      },
      { client in
        let found = try await client.findPermits(
          .init(key: .applicationID("application-1")), options: .officer(office))
        #expect(found.permits.map(\.permitID) == [permit.permitID])
      },
      { client in
        let history = try await client.getResidenceHistory(
          Residence(citizenID: CitizenIDs.woman(1)), options: .officer(office))
        #expect(history.liveCertificateIdentifier == permit.certificateIdentifier)
      },
    ]
    for call in calls {
      #expect(try await self.refusal { try await call(registry.client) } == expected)
    }
  }

  @Test func `of a person who moved an officer sees his own office's part`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
    var elsewhere = RegistryV1.RecordRegistrationRequest.sample(1, key: "registration-key-2")
    elsewhere.declaredOn = "2024-08-31"
    elsewhere.officeCode = "330102500000"
    _ = try await registry.client.recordRegistration(elsewhere, options: .intake)
    for (options, offices) in [
      (CallOptions.officer, ["330106500000"]), (.stranger, ["330102500000"]),
      (.auditor, ["330102500000", "330106500000"]), (.intake, ["330102500000", "330106500000"]),
    ] {
      let history = try await registry.client.getResidenceHistory(
        Residence(citizenID: CitizenIDs.woman(1)), options: options)
      #expect(history.registrations.map(\.officeCode) == offices)
    }
  }

  @Test func `an officer without an office reaches nothing`() async throws {
    let registry = try await RegistryFixture()
    let caller = Caller(kind: .officer, id: "police-1")
    let reason = try await self.refusal {
      _ = try await registry.client.getResidenceHistory(
        Residence(citizenID: CitizenIDs.woman(1)),
        options: CallOptions(metadata: Metadata(caller: caller)))
    }
    #expect(reason == "OFFICER_WRONG_OFFICE")
  }
}
