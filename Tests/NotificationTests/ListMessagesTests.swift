import DomainModel
import RPC
import TestSupport
import Testing
import Wire

struct ListMessagesTests {
  typealias Request = NotificationV1.ListMessagesRequest

  @Test func `all messages come by ascending id, page by page`() async throws {
    let queue = try await NotificationFixture()
    var queued: [String] = []
    for index in 0..<5 {
      queue.clock.advance(milliseconds: 1)
      queued.append(try await queue.enqueue(index))
    }
    var seen: [String] = []
    var token = ""
    repeat {
      let page = ModelV1.Page(size: 2, token: token)
      let answer = try await queue.client.listMessages(Request(page: page), options: .auditor)
      #expect(answer.messages.count <= 2)
      seen += answer.messages.map(\.messageID)
      token = answer.nextPageToken
    } while !token.isEmpty
    #expect(seen == queued)
  }

  @Test func `those about one thing are told apart`() async throws {
    let queue = try await NotificationFixture()
    _ = try await queue.enqueue(1)
    let second = try await queue.enqueue(2)
    let answer = try await queue.client.listMessages(
      Request(reference: "application-2"), options: .auditor)
    #expect(answer.messages.map(\.messageID) == [second])
  }

  @Test(arguments: [(501, ""), (-1, ""), (1, "no token")])
  func `a page that cannot be is refused`(_ size: Int32, _ token: String) async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.listMessages(
        Request(page: ModelV1.Page(size: size, token: token)), options: .auditor)
    }
    #expect(error?.reason == "PAGE_INVALID")
  }
}
