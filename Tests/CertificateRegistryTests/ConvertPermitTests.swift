import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ConvertPermitTests {
  @Test(arguments: [
    RegistryV1.ConversionKind.existingPermit, .accumulatedRegistration,
  ])
  func `a conversion cancels the earlier permit in the transaction that issues the new one`(
    _ kind: RegistryV1.ConversionKind
  ) async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let request = RegistryV1.ConvertPermitRequest.sample(1, kind: kind)
    let answer = try await registry.client.convertPermit(request, options: .approval)
    #expect(answer.cancelledCertificateIdentifier == permit.certificateIdentifier)
    #expect(answer.permit?.divisionCode == "331123")
    let old = try await registry.client.getPermit(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
    #expect(old.permit?.state == .cancelled)
    #expect(old.permit?.cancelReason == .converted)
    #expect(try await registry.client.convertPermit(request, options: .approval) == answer)
    #expect(
      try await registry.told().map(\.templateID).sorted()
        == ["permit_converted", "permit_issued"])
  }

  @Test func `what a conversion cannot rest on is refused`() async throws {
    let (registry, _) = try await RegistryFixture.issued()
    var nobody = RegistryV1.ConvertPermitRequest.sample(2, kind: .existingPermit)
    for (change, key) in [
      ({ (_: inout RegistryV1.ConvertPermitRequest) in }, "no permit to convert"),
      (
        { (request: inout RegistryV1.ConvertPermitRequest) in
          request = .sample(1, kind: .existingPermit)
          request.residence = .westLake
          request.bureauCode = "330106000000"
        }, "one of the same unit"
      ),
    ] {
      change(&nobody)
      nobody.idempotencyKey = "conversion: \(key)"
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.convertPermit(nobody, options: .approval)
      }
      #expect(error?.reason == "PERMIT_NOT_CONVERTIBLE")
    }
  }

  @Test func `every defect is told at once, the order's under its own name`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.convertPermit(
        .init(idempotencyKey: "convert-key-of-nobody"), options: .approval)
    }
    let fields = Set(error?.violations.map(\.field) ?? [])
    #expect(
      fields.isSuperset(of: [
        "kind", "order.application_id", "order.case_id", "order.decided_on", "order.actor",
        "order.actor_office", "order.policy_version", "phone", "photo_sha256", "bureau_code",
      ]))
  }
}
