import DomainModel
import NotificationGateways
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// How much a number gets, and when.
struct LimitTests {
  private static let hourMs: Int64 = 3_600_000

  private static func strict() throws -> NotificationAssembly.Data {
    try NotificationAssembly.Data(reading: PolicyTexts.text)
  }

  @Test func `the same text goes to a number twice a minute and five times an hour`() async throws {
    let queue = try await NotificationFixture(data: Self.strict())
    for index in 1...8 {
      _ = try await queue.client.enqueueMessage(
        .found(index, phone: "13700137000"), options: .registry)
    }
    // It is 09:00:00.
    var sent: [Int] = []
    for _ in 0..<4 {
      sent.append(try await queue.assembly.deliverOnce())
      queue.clock.advance(milliseconds: 60_000)
    }
    #expect(sent == [2, 2, 1, 0])
    queue.clock.advance(milliseconds: Self.hourMs - 4 * 60_000)
    #expect(try await queue.assembly.deliverOnce() == 2)
    // The same to another number, and another text to this one, are other matters.
    _ = try await queue.client.enqueueMessage(.found(20), options: .registry)
    var other = NotificationV1.EnqueueMessageRequest.suspended(21)
    other.phone = "13700137001"
    _ = try await queue.client.enqueueMessage(other, options: .registry)
    #expect(try await queue.assembly.deliverOnce() == 2)
  }

  @Test func `a number gets so many of a class in a day of Shanghai`() async throws {
    let queue = try await NotificationFixture()
    let max = try NotificationFixture.data().classes[.reminder].dailyMax
    for index in 0..<(max + 3) {
      _ = try await queue.schedule(
        [.sample(after: 0, for: 48, queue.clock)], under: "permit-\(index)")
    }
    #expect(try await queue.assembly.deliverOnce() == max)
    // Other classes are counted by themselves.
    _ = try await queue.client.enqueueMessage(
      .found(1, phone: "13800138000"), options: .registry)
    #expect(try await queue.assembly.deliverOnce() == 1)
    // Midnight in Shanghai is in their quiet hours.
    queue.clock.advance(milliseconds: 15 * Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 0)
    queue.clock.advance(milliseconds: 8 * Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 3)
  }

  @Test func `reminders keep the night, and results pass it`() async throws {
    let queue = try await NotificationFixture()
    // 21:00 in Shanghai.
    queue.clock.advance(milliseconds: 12 * Self.hourMs)
    let reminder = try await queue.schedule([.sample(after: 0, for: 48, queue.clock)])[0]
    let result = try await queue.enqueue(7)
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(result)?.state == .delivered)
    let waiting = try #require(try await queue.message(reminder))
    #expect(waiting.nextAttemptAtMs == queue.clock.now().milliseconds + 11 * Self.hourMs)
    queue.clock.advance(milliseconds: 11 * Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 1)
  }

  @Test func `a try again is not counted again, but keeps the night`() async throws {
    let gateway = ScriptedGateway([.later("BUSY")])
    let queue = try await NotificationFixture(gateway: gateway, data: Self.strict())
    for index in 1...2 {
      _ = try await queue.client.enqueueMessage(
        .found(index, phone: "13700137000"), options: .registry)
    }
    #expect(try await queue.assembly.deliverOnce() == 1)
    queue.clock.advance(milliseconds: 1_000)
    #expect(try await queue.assembly.deliverOnce() == 2)
  }

  @Test func `to an operator goes no more than its rate`() async throws {
    var delivery = DeliverySettings()
    delivery.ratesPerSecond = [.mobile: 3, .telecom: 100]
    var rates = OperatorRates(delivery.ratesPerSecond, at: Timestamp(milliseconds: 0))
    let now = Timestamp(milliseconds: 0)
    #expect(rates.free(64, at: now)[.mobile] == 3)
    #expect(rates.free(64, at: now)[.unicom] == 64)
    for _ in 0..<3 { rates.take(.mobile) }
    #expect(rates.free(64, at: now)[.mobile] == 0)
    #expect(rates.next(now)[.mobile] == Timestamp(milliseconds: 334))
    #expect(rates.next(now)[.unicom] == now)
    #expect(rates.free(64, at: Timestamp(milliseconds: 334))[.mobile] == 1)
    #expect(rates.free(64, at: Timestamp(milliseconds: 9_000))[.mobile] == 3)
  }

  @Test func `an operator that may take no more holds up nobody else`() async throws {
    let queue = try await NotificationFixture()
    for index in 1...3 {
      _ = try await queue.client.enqueueMessage(
        .found(index, phone: "1380013800\(index)"), options: .registry)
      _ = try await queue.client.enqueueMessage(
        .found(10 + index, phone: "1330013300\(index)"), options: .registry)
    }
    let claim = try await queue.notifications().claim(
      ClaimRequest(
        owner: "a", gateway: "scripted", limit: 64, leaseMs: 1_000,
        free: [.mobile: 1, .telecom: 64]))
    #expect(claim.messages.map(\.mobileOperator) == [.mobile, .telecom, .telecom, .telecom])
  }
}
