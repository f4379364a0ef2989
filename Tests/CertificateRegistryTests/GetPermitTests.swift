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
