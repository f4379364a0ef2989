import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct NoteEndorsementPendingTests {
  @Test func `while an endorsement applied for in time is pending the permit is not suspended`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-10"))
    let request = RegistryV1.NoteEndorsementPendingRequest(
      idempotencyKey: "pending-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, applicationID: "application-2",
      what: .submittedOn("2027-03-10"))
    _ = try await registry.client.noteEndorsementPending(request, options: .intake)
    registry.clock.set(try .noon("2027-04-20"))
    var asked = RegistryV1.GetPermitRequest(certificateIdentifier: permit.certificateIdentifier)
    let pending = try await registry.client.getPermit(asked, options: .auditor).permit
    #expect(pending?.state == .valid)
    #expect(pending?.endorsementPendingSinceOn == "2027-03-10")
    let ended = try await registry.client.noteEndorsementPending(
      .init(
        idempotencyKey: "pending-end-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, applicationID: "application-2",
        what: .ended(.init(outcome: .refused, endedOn: "2027-04-20"))),
      options: .intake
    ).permit
    #expect(ended?.suspendedFromOn == "2027-04-21")
    registry.clock.set(try .noon("2027-04-21"))
    #expect(
      try await registry.client.getPermit(asked, options: .auditor).permit?.state == .suspended)
    asked.asOfMs = try Timestamp.noon("2027-04-20").milliseconds - 1
    #expect(
      try await registry.client.getPermit(asked, options: .auditor).permit?.state == .valid)
  }

  @Test func `every defect is told by the name of its own field`() async throws {
    let (registry, _) = try await RegistryFixture.issued()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.noteEndorsementPending(
        .init(
          idempotencyKey: "pending-key-of-person-1", certificateIdentifier: "1",
          applicationID: "", what: .ended(.init(outcome: .unspecified, endedOn: "never"))),
        options: .intake)
    }
    #expect(
      error?.violations.map(\.field) == [
        "certificate_identifier", "application_id", "ended.outcome", "ended.ended_on",
      ])
  }
}
