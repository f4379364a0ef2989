import DomainModel
import NotificationGateways
import RPC
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct SetPreferencesTests {
  private static func send(
    _ queue: NotificationFixture, _ request: NotificationV1.EnqueueMessageRequest
  ) async throws -> String {
    var request = request
    request.phone = NotificationFixture.ownPhone
    return try await queue.client.enqueueMessage(request, options: .registry).messageID
  }

  @Test func `what was switched off is not sent, but what law demands is`() async throws {
    let queue = try await NotificationFixture()
    try await queue.proved()
    _ = try await queue.setPreferences(.init(switchedOff: [.result, .verification]))
    let before = queue.gateway.handed.count
    let off = try await Self.send(queue, .found(1))
    let statutory = try await Self.send(queue, .suspended(2))
    #expect(try await queue.assembly.deliverOnce() == 1)
    let message = try #require(try await queue.message(off))
    #expect(message.state == .cancelled && message.lastError == "NOT_WANTED")
    #expect(try await queue.message(statutory)?.state == .delivered)
    queue.clock.advance(milliseconds: 60_000)
    _ = try await queue.sendCode()
    #expect(queue.gateway.handed.count == before + 2)
    // Another's number is another's.
    let other = try await queue.client.enqueueMessage(.found(3), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(other)?.state == .delivered)
  }

  @Test func `own quiet hours are kept, over midnight too`() async throws {
    let queue = try await NotificationFixture()
    try await queue.proved()
    // It is 10:00: quiet from 09:30 to 09:00 of the next day.
    _ = try await queue.setPreferences(.init(quietFromMinute: 570, quietToMinute: 540))
    let id = try await Self.send(queue, .suspended(1))
    #expect(try await queue.assembly.deliverOnce() == 0)
    let waiting = try #require(try await queue.message(id))
    #expect(waiting.state == .queued)
    #expect(waiting.nextAttemptAtMs == queue.clock.now().milliseconds + 23 * 3_600_000)
    queue.clock.advance(milliseconds: 23 * 3_600_000)
    #expect(try await queue.assembly.deliverOnce() == 1)
  }

  @Test func `only who has proved a number decides for it`() async throws {
    let queue = try await NotificationFixture()
    for caller in [CallOptions.applicant, .calling(.applicant, "another")] {
      let error = await #expect(throws: ServiceError.self) {
        try await queue.setPreferences(.init(), by: caller)
      }
      #expect(error?.reason == "PHONE_NOT_PROVED")
      if caller.metadata == CallOptions.applicant.metadata { try await queue.proved() }
    }
  }

  @Test func `every defect is told`() async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await queue.setPreferences(
        .init(switchedOff: [.reminder, .unspecified], quietFromMinute: 1_440, quietToMinute: -1))
    }
    #expect(
      error?.violations.map { "\($0.field) \($0.reason)" } == [
        "preferences.switched_off[1] VALUE_UNKNOWN",
        "preferences.quiet_from_minute NUMBER_OUT_OF_RANGE",
        "preferences.quiet_to_minute NUMBER_OUT_OF_RANGE",
      ])
  }
}
