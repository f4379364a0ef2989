import DomainModel
import RPC
import Testing
import Wire

@testable import NotificationCore

struct GetPreferencesTests {
  private static func get(
    _ queue: NotificationFixture, by caller: CallOptions = .applicant
  ) async throws -> NotificationV1.Preferences? {
    try await queue.client.getPreferences(
      .init(phone: NotificationFixture.ownPhone), options: caller
    ).preferences
  }

  @Test func `what was set is told, and at first everything is wanted`() async throws {
    let queue = try await NotificationFixture()
    try await queue.proved()
    #expect(try await Self.get(queue) == NotificationV1.Preferences())
    let wanted = NotificationV1.Preferences(
      switchedOff: [.reminder], quietFromMinute: 1_320, quietToMinute: 420)
    #expect(try await queue.setPreferences(wanted) == wanted)
    #expect(try await Self.get(queue) == wanted)
    // Whoever shares the number shares them.
    try await queue.proved(for: .calling(.applicant, "relative"))
    #expect(try await Self.get(queue, by: .calling(.applicant, "relative")) == wanted)
  }

  @Test func `nobody asks for a number that he has not proved`() async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) { try await Self.get(queue) }
    #expect(error?.reason == "PHONE_NOT_PROVED")
  }
}
