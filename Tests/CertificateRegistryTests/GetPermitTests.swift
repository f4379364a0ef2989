import DomainModel
import RPC
import TestSupport
import Testing
import Wire

struct GetPermitTests {
  typealias Request = RegistryV1.GetPermitRequest

  @Test func `a permit comes with its document, signature and key`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let found = try await registry.client.getPermit(
      Request(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
    #expect(found.permit == permit)
    #expect(found.publicKeyPem == registry.signer.publicKeyPEM)
  }

  @Test func `its state is that of the instant of the answer`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let request = Request(certificateIdentifier: permit.certificateIdentifier)
    let midnight = try #require(CivilDate(iso: "2027-03-11")).startOfDay
    registry.clock.set(midnight.adding(milliseconds: -1))
    let before = try await registry.client.getPermit(request, options: .officer)
    #expect(before.permit?.state == .endorsementWindow)
    registry.clock.set(midnight)
    let after = try await registry.client.getPermit(request, options: .officer)
    #expect(after.permit?.state == .suspended)
  }

  @Test func `its state at an instant is the one that was answered then`() async throws {
    let registry = try await RegistryFixture()
    let issuedAt = registry.clock.now()
    let permit = try #require(try await registry.issue(1))
    var request = Request(certificateIdentifier: permit.certificateIdentifier)
    var answers: [(Timestamp, RegistryV1.GetPermitResponse)] = []
    for day in ["2026-05-01", "2027-02-11", "2027-03-10", "2027-03-11", "2028-01-01"] {
      registry.clock.set(try #require(CivilDate(iso: day)).startOfDay)
      answers.append(
        (registry.clock.now(), try await registry.client.getPermit(request, options: .auditor)))
    }
    #expect(Set(answers.compactMap(\.1.permit?.state)).count == 3)
    for (instant, answer) in answers {
      request.asOfMs = instant.milliseconds
      #expect(try await registry.client.getPermit(request, options: .auditor) == answer)
    }
    request.asOfMs = issuedAt.milliseconds
    #expect(try await registry.client.getPermit(request, options: .officer).permit == permit)
    request.asOfMs = issuedAt.milliseconds - 1
    for (options, reason) in [
      (CallOptions.officer, "NOT_THERE_YET"), (.stranger, "OFFICER_WRONG_OFFICE"),
    ] {
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.getPermit(request, options: options)
      }
      #expect(error?.reason == reason)
    }
    request.asOfMs = registry.clock.now().milliseconds + 1
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.getPermit(request, options: .officer)
    }
    #expect(error?.violations.map(\.reason) == ["DATE_IN_FUTURE"])
  }

  @Test func `an identifier nobody has is not found`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.getPermit(
        Request(
          certificateIdentifier:
            "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"),
        options: .officer)
    }
    #expect(error?.reason == "PERMIT_NOT_FOUND")
  }

  @Test(arguments: ["", "1", "1.2.156.3005.2.11100000000013338W009.11330105002500287C.1.002.0"])
  func `a malformed identifier is told`(_ identifier: String) async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.getPermit(
        Request(certificateIdentifier: identifier), options: .officer)
    }
    #expect(error?.violations.map(\.reason) == ["CERTIFICATE_IDENTIFIER_INVALID"])
  }
}
