import DomainModel
import NotificationGateways
import Storage
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct RetentionTests {
  private static let dayMs: Int64 = 86_400_000

  @Test func `after five months number and text are gone, and the proof stays`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.client.enqueueMessage(.suspended(1), options: .registry).messageID
    let waiting = try await queue.schedule([.sample(after: 24 * 200, for: 48, queue.clock)])[0]
    #expect(try await queue.assembly.deliverOnce() == 1)
    // From 10 March to 10 August the day itself is kept.
    queue.clock.advance(milliseconds: 153 * Self.dayMs)
    try await queue.assembly.keepHouseOnce()
    #expect(try await queue.message(id)?.erasedAtMs == 0)
    queue.clock.advance(milliseconds: Self.dayMs)
    try await queue.assembly.keepHouseOnce()
    let message = try #require(try await queue.messageAndTries(id))
    #expect(message.erasedAtMs == queue.clock.now().milliseconds)
    #expect(message.text == "" && message.maskedPhone == "")
    #expect(message.state == .delivered && message.templateVersion == "1")
    #expect(message.tries.map(\.outcome) == [.delivered])
    // What still waits has its own five months.
    #expect(try await queue.message(waiting)?.erasedAtMs == 0)
    let persons = try await queue.store.read {
      try $0.row("SELECT COUNT(*) AS n FROM person")?.int("n")
    }
    #expect(persons == 0)
    #expect(try await queue.assembly.reportOnce() == 1)
    #expect(queue.intake.deliveries.map(\.delivery?.messageID) == [id])
  }

  @Test func `who has said what he wants is not forgotten`() async throws {
    let queue = try await NotificationFixture()
    try await queue.proved()
    let wanted = NotificationV1.Preferences(switchedOff: [.reminder])
    _ = try await queue.setPreferences(wanted)
    queue.clock.advance(milliseconds: 200 * Self.dayMs)
    try await queue.assembly.keepHouseOnce()
    let kept = try await queue.client.getPreferences(
      .init(phone: NotificationFixture.ownPhone), options: .applicant)
    #expect(kept.preferences == wanted)
  }
}
