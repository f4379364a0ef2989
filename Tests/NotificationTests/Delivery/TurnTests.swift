import DomainModel
import NotificationGateways
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// Of one class, one number gets its messages in the order in which they became due.
struct TurnTests {
  private static let phone = "13700137000"

  private static func enqueue(_ queue: NotificationFixture, _ index: Int) async throws -> String {
    queue.clock.advance(milliseconds: 1)
    return try await queue.client.enqueueMessage(
      .found(index, phone: Self.phone), options: .registry
    ).messageID
  }

  @Test func `the next one waits until the first has gone`() async throws {
    let gateway = ScriptedGateway([.later("BUSY"), .later("BUSY")])
    let queue = try await NotificationFixture(gateway: gateway)
    var ids: [String] = []
    for index in 1...4 { ids.append(try await Self.enqueue(queue, index)) }
    let other = try await queue.client.enqueueMessage(.found(9), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 2)
    #expect(gateway.handed.map(\.messageID) == [ids[0], other])
    queue.clock.advance(milliseconds: 2_000)
    #expect(try await queue.assembly.deliverOnce() == 5)
    #expect(gateway.handed.suffix(5).map(\.messageID).filter { $0 != other } == ids)
  }

  @Test func `whichever way the first goes, the next has its turn`() async throws {
    for ending in ["cancelled", "dead", "expired"] {
      let gateway = ScriptedGateway([ending == "dead" ? .refused("BARRED") : .later("BUSY")])
      let queue = try await NotificationFixture(gateway: gateway)
      var first = NotificationV1.EnqueueMessageRequest.found(1, phone: Self.phone)
      first.notAfterMs = queue.clock.now().milliseconds + 900_000
      _ = try await queue.client.enqueueMessage(first, options: .registry)
      let second = try await Self.enqueue(queue, 2)
      let third = try await Self.enqueue(queue, 3)
      #expect(try await queue.assembly.deliverOnce() == (ending == "dead" ? 3 : 1))
      if ending == "cancelled" {
        _ = try await queue.client.cancelMessage(
          .init(idempotencyKey: "cancel-key-000001", messageKey: first.idempotencyKey),
          options: .registry)
      } else {
        queue.clock.advance(milliseconds: 900_000)
      }
      _ = try await queue.assembly.deliverOnce()
      for id in [second, third] {
        #expect(try await queue.message(id)?.state == .delivered, "\(ending)")
      }
    }
  }

  @Test func `one that has the turn and is cancelled passes it on`() async throws {
    let gateway = ScriptedGateway([.later("BUSY")])
    let queue = try await NotificationFixture(gateway: gateway)
    let first = try await Self.enqueue(queue, 1)
    _ = try await Self.enqueue(queue, 2)
    let third = try await Self.enqueue(queue, 3)
    #expect(try await queue.assembly.deliverOnce() == 1)
    for index in [1, 2] {
      _ = try await queue.client.cancelMessage(
        .init(
          idempotencyKey: "cancel-key-00000\(index)", messageKey: "loss-withdrawn-\(index)-key"),
        options: .registry)
    }
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(third)?.state == .delivered)
    #expect(try await queue.message(first)?.state == .cancelled)
  }

  @Test func `a code does not wait behind a reminder`() async throws {
    let gateway = ScriptedGateway([.later("BUSY")])
    let queue = try await NotificationFixture(gateway: gateway)
    _ = try await queue.client.enqueueMessage(
      .found(1, phone: NotificationFixture.ownPhone), options: .registry)
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.sendCode().count == 6)
  }

  @Test func `what is urgent goes first`() async throws {
    let queue = try await NotificationFixture()
    _ = try await queue.schedule([.sample(after: 0, for: 48, queue.clock)])
    let progress = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: "received-key-00001", templateID: "application_received",
      values: ["name", "kind", "application", "guard_due_on"].map { .init(name: $0, value: "一") },
      phone: "13500135000", reference: "application-5")
    _ = try await queue.client.enqueueMessage(progress, options: .registry)
    _ = try await queue.enqueue(1)
    _ = try await queue.client.sendPhoneCode(
      .init(idempotencyKey: "send-code-000001", phone: "13600136000"), options: .applicant)
    let claimed = try await queue.claim(by: "a")
    var order: [String] = []
    for one in claimed {
      order.append(try #require(try await queue.message(one.id.text)).templateID)
    }
    #expect(order == ["phone_code", "permit_issued", "application_received", "endorsement_open"])
  }
}
