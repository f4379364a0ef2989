import DomainModel
import NotificationGateways
import RPC
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct ProvePhoneTests {
  @Test func `the code proves the number, once`() async throws {
    let queue = try await NotificationFixture()
    let code = try await queue.sendCode()
    let request = NotificationV1.ProvePhoneRequest(
      idempotencyKey: "prove-key-000001", phone: NotificationFixture.ownPhone, code: code)
    let first = try await queue.client.provePhone(request, options: .applicant)
    #expect(first.provedAtMs == queue.clock.now().milliseconds)
    queue.clock.advance(milliseconds: 1_000)
    #expect(try await queue.client.provePhone(request, options: .applicant) == first)
    let used = await #expect(throws: ServiceError.self) { try await queue.prove(code) }
    #expect(used?.reason == "PHONE_CODE_WRONG")
  }

  @Test func `a wrong code uses up a try, and after five the right one counts no more`()
    async throws
  {
    let queue = try await NotificationFixture()
    let code = try await queue.sendCode()
    let wrong = code == "000000" ? "000001" : "000000"
    for left in [4, 3, 2, 1, 0] {
      let error = await #expect(throws: ServiceError.self) { try await queue.prove(wrong) }
      #expect(error?.reason == "PHONE_CODE_WRONG")
      #expect(error?.metadata == ["tries_left": "\(left)"])
    }
    let error = await #expect(throws: ServiceError.self) { try await queue.prove(code) }
    #expect(error?.metadata == ["tries_left": "0"])
  }

  @Test func `a code is its caller's, its number's, and of five minutes`() async throws {
    let queue = try await NotificationFixture()
    let code = try await queue.sendCode()
    await #expect(throws: ServiceError.self) {
      try await queue.prove(code, for: .calling(.applicant, "another"))
    }
    await #expect(throws: ServiceError.self) { try await queue.prove(code, of: "13600136001") }
    queue.clock.advance(milliseconds: 300_000)
    await #expect(throws: ServiceError.self) { try await queue.prove(code) }
  }

  @Test func `a family shares a number, and no more than five persons`() async throws {
    let queue = try await NotificationFixture()
    for index in 0..<PhoneCode.sharedMax {
      try await queue.proved(for: .calling(.applicant, "relative-\(index)"))
    }
    let error = await #expect(throws: ServiceError.self) {
      try await queue.proved(for: .calling(.applicant, "stranger"))
    }
    #expect(error?.reason == "PHONE_SHARED_TOO_OFTEN")
    try await queue.proved(for: .calling(.applicant, "relative-0"))
  }
}
