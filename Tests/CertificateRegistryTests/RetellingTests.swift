import DomainModel
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// A registry that has lost a permit, and one whose holder's text is lost.
struct RetellingTests {
  typealias Request = RegistryV1.IssuePermitRequest

  @Test func `a lost permit is recorded anew, byte for byte, and nobody is told again`()
    async throws
  {
    let before = try await RegistryFixture()
    let lost = try #require(try await before.issue(1))
    let after = try await RegistryFixture(signer: before.signer)
    after.clock.advance(milliseconds: 3_600_000)
    let order = Request.sample(1).changed {
      $0.certificateIdentifier = lost.certificateIdentifier
      $0.issuedAtMs = lost.issuedAtMs
    }
    let answer = try await after.client.issuePermit(order, options: .approval)
    let permit = try #require(answer.permit)
    #expect(permit.document == lost.document)
    #expect(permit.issuedAtMs == lost.issuedAtMs)
    // The reminders alone.
    #expect(try await after.told().isEmpty)
    #expect(after.notification.schedules.map(\.scheduleKey) == [permit.caseID])
    let again = order.changed { $0.idempotencyKey = "another-key-of-it" }
    let repeated = try await after.client.issuePermit(again, options: .approval)
    #expect(repeated.permit?.permitID == permit.permitID)
  }

  @Test func `an identifier that is none is refused`() async throws {
    let registry = try await RegistryFixture()
    let order = Request.sample(1).changed { $0.certificateIdentifier = "1.2.3" }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.issuePermit(order, options: .approval)
    }
    #expect(error?.violations.map(\.field) == ["certificate_identifier", "issued_at_ms"])
  }

  @Test func `a lost text is written anew, in the words of the first`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    _ = try await registry.told()
    let retelling = registry.assembly.retelling
    let messages = try await registry.store.read {
      try retelling($0, LostMessage(applicationID: "application-1", what: "permit_issued"))
    }
    #expect(messages.count == 2)
    let text = try #require(messages.first)
    let again = try NotificationV1.EnqueueMessageRequest(wireBytes: text.payload)
    #expect([again] == registry.notification.requests)
    let reminders = try #require(messages.last)
    let planned = try NotificationV1.ScheduleMessagesRequest(wireBytes: reminders.payload)
    #expect([planned] == registry.notification.schedules)
    let none = try await registry.store.read {
      try retelling($0, LostMessage(applicationID: "application-2", what: "permit_issued"))
    }
    #expect(none.isEmpty)
  }

  @Test(arguments: ["permit_issued", "permit_converted"])
  func `the lost text of a conversion is that of a conversion, as whatever it is asked for`(
    _ asked: String
  ) async throws {
    let (registry, _) = try await RegistryFixture.issued()
    let order = RegistryV1.ConvertPermitRequest.sample(1, kind: .existingPermit)
    _ = try await registry.client.convertPermit(order, options: .approval)
    _ = try await registry.told()
    let retelling = registry.assembly.retelling
    let application = try #require(order.order?.applicationID)
    let messages = try await registry.store.read {
      try retelling($0, LostMessage(applicationID: application, what: asked))
    }
    let text = try #require(messages.first)
    let again = try NotificationV1.EnqueueMessageRequest(wireBytes: text.payload)
    #expect(again.templateID == "permit_converted")
    #expect(registry.notification.requests.contains(again))
  }
}
