import DomainModel
import NotificationGateways
import RPC
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct SendPhoneCodeTests {
  @Test func `a code of six digits comes at any hour, and counts for five minutes`() async throws {
    let queue = try await NotificationFixture()
    // 02:00 in Shanghai.
    queue.clock.advance(milliseconds: 17 * 3_600_000)
    let answer = try await queue.client.sendPhoneCode(
      .init(idempotencyKey: "send-code-000001", phone: "13600136000"), options: .applicant)
    #expect(answer.validToMs == queue.clock.now().milliseconds + 300_000)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let text = try #require(queue.gateway.handed.first?.text)
    let code = text.drop { !$0.isNumber }.prefix { $0.isNumber }
    #expect(code.count == 6 && text.hasPrefix("【"))
    let stored = try await StoredValues(of: queue.store)
    #expect(stored.places(of: String(code)) == [] && stored.places(of: "13600136000") == [])
  }

  @Test func `a code that is late is not sent`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.later("BUSY")]))
    _ = try await queue.sendCode()
    queue.clock.advance(milliseconds: 300_000)
    #expect(try await queue.assembly.deliverOnce() == 0)
  }

  @Test func `a number gets one a minute, five an hour, ten a day`() async throws {
    let queue = try await NotificationFixture()
    // From the beginning of an hour of the clock on.
    var sent: [Int] = []
    for minute in 0..<180 {
      do {
        _ = try await queue.sendCode(for: .calling(.applicant, "applicant-\(minute)"))
        sent.append(minute)
      } catch let error as ServiceError {
        #expect(error.reason == "CODES_EXHAUSTED")
        #expect((1...86_400_000).contains(error.retryDelayMs ?? 0))
      }
      if minute == 0 {
        let error = await #expect(throws: ServiceError.self) { try await queue.sendCode() }
        #expect(error?.retryDelayMs ?? 0 <= 60_000)
      }
      queue.clock.advance(milliseconds: 60_000)
    }
    #expect(sent == [0, 1, 2, 3, 4, 60, 61, 62, 63, 64])
  }

  @Test func `a number that is none is refused`() async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) { try await queue.sendCode(to: "12") }
    #expect(error?.violations.map(\.reason) == ["PHONE_INVALID"])
  }
}
