import NotificationCore
import DomainModel
import RPC
import Testing
import Wire

struct GetMessageTests {
  @Test func `a delivered message says when`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.enqueue()
    #expect(try await queue.assembly.deliverOnce() == 1)
    let message = try #require(try await queue.message(id))
    #expect(message.state == .delivered)
    #expect(message.deliveredAtMs == 1_773_104_500_000)
    #expect(message.nextAttemptAtMs == 0)
    #expect(message.attempts == 1)
    #expect(message.lastError == "")
  }

  @Test func `an unknown id is not found`() async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) { try await queue.message("nobody") }
    #expect(error?.code == .notFound)
    #expect(error?.reason == "MESSAGE_NOT_FOUND")
  }
}
