import NotificationGateways
import NotificationCore
import DomainModel
import RPC
import Testing
import Wire

struct ReplayDeadLettersTests {
  private static func request(_ ids: [String]) -> NotificationV1.ReplayDeadLettersRequest {
    NotificationV1.ReplayDeadLettersRequest(
      idempotencyKey: "replay-key-0000001", messageIDs: ids)
  }

  @Test func `a dead letter is sent again under its own id`() async throws {
    let gateway = ScriptedGateway(otherwise: .refused("NUMBER_BARRED"))
    let queue = try await NotificationFixture(gateway: gateway)
    let id = try await queue.enqueue()
    #expect(try await queue.assembly.deliverOnce() == 1)
    gateway.answer(.taken)
    let answer = try await queue.client.replayDeadLetters(Self.request([id]), options: .auditor)
    #expect(answer.replayed == 1)
    // A repeat is answered and not done again.
    #expect(try await queue.assembly.deliverOnce() == 1)
    let again = try await queue.client.replayDeadLetters(Self.request([id]), options: .auditor)
    #expect(again == answer)
    #expect(try await queue.assembly.deliverOnce() == 0)
    #expect(try await queue.message(id)?.state == .delivered)
    #expect(gateway.handed.map(\.messageID) == [id, id])
    #expect(try await queue.tries(id) == ["failed NUMBER_BARRED", "delivered"])
  }

  @Test func `all that are named are replayed, or none`() async throws {
    let gateway = ScriptedGateway([.refused("NUMBER_BARRED")])
    let queue = try await NotificationFixture(gateway: gateway)
    let dead = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let queued = try await queue.enqueue(2)
    let wrongState = await #expect(throws: ServiceError.self) {
      try await queue.client.replayDeadLetters(Self.request([dead, queued]), options: .auditor)
    }
    #expect(wrongState?.reason == "MESSAGE_NOT_DEAD")
    #expect(wrongState?.metadata == ["message_id": queued, "current_state": "queued"])
    let unknown = await #expect(throws: ServiceError.self) {
      try await queue.client.replayDeadLetters(Self.request([dead, "nobody"]), options: .auditor)
    }
    #expect(unknown?.reason == "MESSAGE_NOT_FOUND")
    #expect(unknown?.metadata == ["message_id": "nobody"])
    #expect(try await queue.message(dead)?.state == .dead)
  }

  @Test(arguments: [
    ([String](), "IDS_MISSING"), (["a", "a"], "ID_REPEATED"),
    ((0...500).map { "\($0)" }, "IDS_TOO_MANY"),
  ])
  func `a list that cannot be is refused`(_ ids: [String], _ reason: String) async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.replayDeadLetters(Self.request(ids), options: .auditor)
    }
    #expect(error?.violations.map(\.reason) == [reason])
  }
}
