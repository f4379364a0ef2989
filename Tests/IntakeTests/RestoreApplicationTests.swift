import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// An application that intake has lost and its case knows, and a case that approval has lost.
struct RestoreApplicationTests {
  /// What approval sends, of what it was sent when the case was opened.
  private static func request(
    _ opened: ApprovalV1.OpenCaseRequest
  ) -> IntakeV1.RestoreApplicationRequest {
    IntakeV1.RestoreApplicationRequest(
      idempotencyKey: "case-restore-of-one", applicationID: opened.applicationID,
      applicationNumber: opened.applicationNumber, kind: opened.kind, channel: opened.channel,
      policyVersion: opened.policyVersion, officeCode: opened.officeCode,
      bureauCode: opened.bureauCode, submittedAtMs: opened.submittedAtMs,
      acceptanceDue: ModelV1.DueDate(dueOn: "2026-03-17"), form: opened.form,
      materials: opened.materials, findings: opened.findings)
  }

  private static func opened(_ world: World) throws -> ApprovalV1.OpenCaseRequest {
    let opened: [ApprovalV1.OpenCaseRequest] = try world.approval.requests(
      to: ApprovalV1.ApprovalServiceMethods.openCase)
    return try #require(opened.first)
  }

  @Test func `what its case knows is there again, and nobody is told again`() async throws {
    let before = try await World()
    let id = try await before.submitted().applicationID
    try await before.deliver()
    let known = try await before.get(id, by: World.auditor)
    let after = try await World()
    _ = try await after.progress.restoreApplication(
      Self.request(try Self.opened(before)), options: after.options(World.approval))
    let restored = try await after.get(id, by: World.auditor)
    #expect(restored.state == .submitted)
    #expect(restored.form == known.form)
    #expect(restored.materials == known.materials)
    #expect(restored.receipt?.applicationNumber == known.receipt?.applicationNumber)
    #expect(restored.receipt?.officeName == known.receipt?.officeName)
    #expect(restored.findings == known.findings)
    try await after.deliver()
    let told: [NotificationV1.EnqueueMessageRequest] = try after.notification.requests(
      to: NotificationV1.NotificationServiceMethods.enqueueMessage)
    #expect(told.isEmpty)
  }

  @Test func `one that is submitted stays as it is`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.deliver()
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    let known = try await world.get(id)
    _ = try await world.progress.restoreApplication(
      Self.request(try Self.opened(world)), options: world.options(World.approval))
    #expect(try await world.get(id) == known)
  }

  @Test func `approval is told where its case stood`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    try await world.record(.completed(RecordProgressTests.completion), sequence: 2, of: id)
    let retelling = world.assembly.retelling
    let messages = try await world.store.read {
      try retelling($0, LostMessage(applicationID: id, what: "case", caseID: "case-of-old"))
    }
    let again = try ApprovalV1.OpenCaseRequest(wireBytes: try #require(messages.first).payload)
    #expect(again.standing?.caseID == "case-of-old")
    #expect(again.standing?.progress == 2)
    #expect(again.standing?.state == .completed)
    #expect(
      again.standing?.outcome?.certificateIdentifier
        == RecordProgressTests.completion.certificateIdentifier)
  }
}
