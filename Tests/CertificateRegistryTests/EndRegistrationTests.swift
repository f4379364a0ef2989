import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct EndRegistrationTests {
  private typealias Request = RegistryV1.EndRegistrationRequest

  @Test(arguments: [RegistryV1.EndReason.left, .death, .localHukou, .recordedInError])
  func `it ends on its day for its reason`(_ reason: RegistryV1.EndReason) async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    let answer = try await registry.client.endRegistration(
      .sample(first, reason), options: .intake)
    var ended = first
    ended.endedOn = "2026-03-01"
    ended.endReason = reason
    ended.version = 2
    #expect(answer.registration == ended)
    #expect(try await registry.residence().registrations == [ended])
    #expect(try await registry.count(.history) == 2)
  }

  @Test func `whoever says the same twice changes nothing`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    let one = try await registry.client.endRegistration(.sample(first), options: .intake)
    let two = try await registry.client.endRegistration(
      .sample(first, key: "end-registration-key-2"), options: .intake)
    #expect(one == two)
    #expect(try await registry.count(.history) == 2)
  }

  @Test func `one that has ended does not end again, but a mistake may still be found`()
    async throws
  {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    _ = try await registry.client.endRegistration(.sample(first), options: .intake)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.endRegistration(
        .sample(first, .left, on: "2026-02-01", key: "end-registration-key-2"),
        options: .intake)
    }
    #expect(error?.reason == "REGISTRATION_ENDED")
    let mistake = try await registry.client.endRegistration(
      .sample(first, .recordedInError, key: "end-registration-key-3"), options: .intake)
    #expect(mistake.registration?.endReason == .recordedInError)
    #expect(mistake.registration?.version == 3)
  }

  @Test func `what was recorded in error may be recorded rightly`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    _ = try await registry.client.endRegistration(
      .sample(first, .recordedInError), options: .intake)
    let again = try await registry.register(key: "registration-key-2")
    #expect(again.registrationID != first.registrationID)
    #expect(again.endedOn == "")
  }

  @Test func `recording again what has ended since finds it`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    let ended = try await registry.client.endRegistration(.sample(first), options: .intake)
    #expect(try await registry.register(key: "registration-key-2") == ended.registration)
  }

  @Test func `every defect is told at once and nothing ends`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    let orders: [(Request, Set<String>)] = [
      (
        .init(idempotencyKey: "end-registration-key-1"),
        [
          "registration_id FIELD_MISSING", "ended_on FIELD_MISSING", "reason FIELD_MISSING",
          "office_code FIELD_MISSING",
        ]
      ),
      (
        .sample(first, .moved, on: "2026-03-11"),
        ["ended_on DATE_IN_FUTURE", "reason VALUE_UNKNOWN"]
      ),
      (.sample(first, .left, on: "2025-08-30"), ["ended_on DATE_TOO_EARLY"]),
    ]
    for (order, expected) in orders {
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.endRegistration(order, options: .intake)
      }
      #expect(Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? []) == expected)
    }
    #expect(try await registry.residence().registrations == [first])
  }
}
