import DomainModel
import RPC
import Testing
import Wire

@testable import NotificationCore

struct WatchMessagesTests {
  @Test func `messages are told as they change, until all have ended`() async throws {
    let queue = try await NotificationFixture()
    let ids = [try await queue.enqueue(1), try await queue.enqueue(2)]
    var states: [NotificationV1.MessageState] = []
    states = try await queue.client.watchMessages(
      .init(messageIDs: ids), options: .auditor
    ) { stream in
      var states: [NotificationV1.MessageState] = []
      for try await answer in stream {
        states.append(try #require(answer.message).state)
        if states.count == 2 { #expect(try await queue.assembly.deliverOnce() == 2) }
      }
      return states
    }
    #expect(states.prefix(2) == [.queued, .queued])
    #expect(states.filter { $0 == .delivered }.count == 2)
  }

  @Test func `what is about one thing is told with what comes later`() async throws {
    let queue = try await NotificationFixture()
    let first = try await queue.enqueue(1)
    let seen = try await queue.client.watchMessages(
      .init(reference: "application-1"), options: .auditor
    ) { stream in
      var seen: [String] = []
      for try await answer in stream {
        seen.append(try #require(answer.message).messageID)
        if seen.count == 2 { break }
        var next = NotificationV1.EnqueueMessageRequest.found(9)
        next.reference = "application-1"
        _ = try await queue.client.enqueueMessage(next, options: .registry)
      }
      return seen
    }
    #expect(seen.first == first && Set(seen).count == 2)
  }

  @Test(arguments: [
    (NotificationV1.WatchMessagesRequest(), "reference FIELD_MISSING"),
    (
      NotificationV1.WatchMessagesRequest(reference: "a", messageIDs: ["b"]),
      "reference FIELD_NOT_WANTED"
    ),
    (
      NotificationV1.WatchMessagesRequest(messageIDs: (0...100).map { "\($0)" }),
      "message_ids IDS_TOO_MANY"
    ),
  ])
  func `what cannot be watched is refused`(
    _ request: NotificationV1.WatchMessagesRequest, _ violation: String
  ) async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.watchMessages(request, options: .auditor) { stream in
        for try await _ in stream {}
      }
    }
    #expect(error?.violations.map { "\($0.field) \($0.reason)" } == [violation])
  }
}
