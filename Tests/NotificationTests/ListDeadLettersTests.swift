import NotificationCore
import DomainModel
import RPC
import Testing
import Wire

struct ListDeadLettersTests {
  @Test func `only what was given up is listed`() async throws {
    let gateway = ScriptedGateway([.refused("NUMBER_BARRED")])
    let queue = try await NotificationFixture(gateway: gateway)
    let dead = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    _ = try await queue.enqueue(2)
    #expect(try await queue.assembly.deliverOnce() == 1)
    _ = try await queue.enqueue(3)
    let answer = try await queue.client.listDeadLetters(
      NotificationV1.ListDeadLettersRequest(), options: .auditor)
    #expect(answer.messages.map(\.messageID) == [dead])
    #expect(answer.messages.first?.lastError == "NUMBER_BARRED")
    #expect(answer.messages.first?.state == .dead)
    #expect(answer.messages.first?.attempts == 1)
  }
}
