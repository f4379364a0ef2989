import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct RecordDeliveryTests {
  private static let notification = Caller(service: .notification)

  static func request(
    of id: String, _ state: IntakeV1.DeliveryState = .delivered, version: Int64 = 2,
    message: String = "message-1"
  ) -> IntakeV1.RecordDeliveryRequest {
    IntakeV1.RecordDeliveryRequest(
      idempotencyKey: "\(message)-delivery-\(version)", applicationID: id,
      delivery: IntakeV1.NoticeDelivery(
        messageID: message, templateID: "application_refused", templateVersion: 2,
        statutory: true, state: state, enqueuedAtMs: 1_773_104_400_000,
        submittedAtMs: 1_773_104_401_000, endedAtMs: 1_773_104_402_000,
        lastError: state == .failed ? "UNDELIV:0DB" : ""), version: version)
  }

  static func record(_ world: World, _ request: IntakeV1.RecordDeliveryRequest) async throws -> Bool
  {
    try await world.progress.recordDelivery(request, options: world.options(Self.notification))
      .known
  }

  private static func shown(
    _ world: World, _ id: String, asOf instant: Timestamp? = nil
  ) async throws -> [IntakeV1.NoticeDelivery] {
    try await world.intake.getApplication(
      .init(key: .applicationID(id), asOfMs: instant?.milliseconds ?? 0),
      options: world.options(World.integrator)
    ).deliveries
  }

  @Test func `a failed statutory notice shows on its case, and that it fared better`() async throws
  {
    let world = try await World()
    let id = try await world.submitted().applicationID
    #expect(try await Self.shown(world, id) == [])
    #expect(try await Self.record(world, Self.request(of: id, .failed)))
    let failed = try #require(try await Self.shown(world, id).first)
    #expect(failed == Self.request(of: id, .failed).delivery)
    #expect(try await Self.record(world, Self.request(of: id, version: 3)))
    // An older word comes late, and changes nothing.
    var late = Self.request(of: id, .failed)
    late.idempotencyKey = "another-key-000001"
    #expect(try await Self.record(world, late))
    #expect(try await Self.shown(world, id).map(\.state) == [.delivered])
    let now = world.clock.now()
    world.clock.advance(milliseconds: 1_000)
    #expect(try await Self.shown(world, id, asOf: now).map(\.state) == [.delivered])
  }

  @Test func `what is about no application belongs to no file`() async throws {
    let world = try await World()
    #expect(try await !Self.record(world, Self.request(of: "permit-1")))
  }

  @Test func `the proof of service is in the case's file`() async throws {
    let world = try await World()
    let id = try await ExportCaseFileTests.ended(world)
    #expect(try await Self.record(world, Self.request(of: id, .expired)))
    let archive = try await ExportCaseFileTests.archive(world, id)
    let listed = try ExternalTool.run(
      "tar", "-xOf", "case.tar", "deliveries.tsv", files: ["case.tar": archive])
    let line =
      "message-1\tapplication_refused\t2\tyes\texpired\t1773104400000\t1773104401000\t"
      + "1773104402000\t"
    #expect(
      listed.text.split(separator: "\n", omittingEmptySubsequences: true).last.map(String.init)
        == line)
  }

  @Test func `every defect is told`() async throws {
    let world = try await World()
    let error = await #expect(throws: ServiceError.self) {
      try await Self.record(
        world,
        .init(
          idempotencyKey: "delivery-key-0001", applicationID: "",
          delivery: .init(lastError: "a\nb")))
    }
    #expect(
      error?.violations.map { "\($0.field) \($0.reason)" } == [
        "application_id FIELD_MISSING", "delivery.message_id FIELD_MISSING",
        "delivery.template_id FIELD_MISSING", "delivery.last_error TEXT_CONTROL_CHARACTER",
        "delivery.state VALUE_UNKNOWN",
      ])
  }
}
