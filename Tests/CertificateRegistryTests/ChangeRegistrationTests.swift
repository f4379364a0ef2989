import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// The clock of these tests stands at 2026-03-10.
struct ChangeRegistrationTests {
  private typealias Request = RegistryV1.ChangeRegistrationRequest

  @Test func `the one before ends the day before, and the next one is linked to it`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    let answer = try await registry.client.changeRegistration(.sample(first), options: .intake)
    let next = try #require(answer.registration)
    #expect(next.address == .suichang)
    #expect(next.workplace == "测试厂")
    #expect(next.declaredOn == "2026-03-02")
    #expect(next.previousRegistrationID == first.registrationID)
    #expect(next.officeCode == "331123500000")
    #expect(next.version == 1)
    let history = try await registry.residence().registrations
    #expect(history.map(\.endedOn) == ["2026-03-01", ""])
    #expect(history.map(\.endReason) == [.moved, .unspecified])
    #expect(history.map(\.version) == [2, 1])
    #expect(history.last == next)
    #expect(try await registry.count(.history) == 3)
  }

  @Test(arguments: [("2026-02-20", false), ("2026-02-19", true), ("2025-09-01", true)])
  func `a report after ten days is recorded, and said to be late`(
    changedOn: String, isLate: Bool
  ) async throws {
    let registry = try await RegistryFixture()
    var request = Request.sample(try await registry.register())
    request.changedOn = changedOn
    let answer = try await registry.client.changeRegistration(request, options: .intake)
    #expect(answer.registration?.reportedLate == isLate)
    #expect(try await registry.residence().registrations.map(\.reportedLate) == [false, isLate])
  }

  @Test func `another workplace is a change too`() async throws {
    let registry = try await RegistryFixture()
    var request = Request.sample(try await registry.register())
    request.address = .westLake
    let answer = try await registry.client.changeRegistration(request, options: .intake)
    #expect(answer.registration?.address == .westLake)
    #expect(answer.registration?.workplace == "测试厂")
  }

  @Test func `whoever says the same twice changes nothing`() async throws {
    let registry = try await RegistryFixture()
    var request = Request.sample(try await registry.register())
    let first = try await registry.client.changeRegistration(request, options: .intake)
    #expect(try await registry.client.changeRegistration(request, options: .intake) == first)
    request.idempotencyKey = "change-registration-key-2"
    #expect(try await registry.client.changeRegistration(request, options: .intake) == first)
    #expect(try await registry.count(.registration) == 2)
    #expect(try await registry.count(.history) == 3)
  }

  @Test func `one that has ended takes no other change`() async throws {
    let registry = try await RegistryFixture()
    var request = Request.sample(try await registry.register())
    _ = try await registry.client.changeRegistration(request, options: .intake)
    request.idempotencyKey = "change-registration-key-2"
    request.address = .upperTown
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.changeRegistration(request, options: .intake)
    }
    #expect(error?.reason == "REGISTRATION_ENDED")
    #expect(error?.metadata["ended_on"] == "2026-03-01")
    #expect(try await registry.count(.registration) == 2)
  }

  @Test func `a registration that is not there is not changed`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.changeRegistration(
        .sample(.init(registrationID: "nobody-has-this-one")), options: .intake)
    }
    #expect(error?.reason == "REGISTRATION_NOT_FOUND")
  }

  @Test func `every defect of the order is told at once`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.changeRegistration(
        .init(
          idempotencyKey: "change-registration-key-1", registrationID: "", address: .shangrao,
          workplace: String(repeating: "厂", count: 101), changedOn: "2026-03-05",
          reportedOn: "2026-03-04", officeCode: "331"), options: .intake)
    }
    let violations = Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? [])
    #expect(
      violations == [
        "registration_id FIELD_MISSING", "address.street ADDRESS_STREET_MISSING",
        "address.division_code DIVISION_OUTSIDE_REGION", "workplace TEXT_TOO_LONG",
        "changed_on DATE_IN_FUTURE", "office_code OFFICE_CODE_INVALID",
      ])
  }

  @Test func `what stands against it on record is told at once`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    var request = Request.sample(first)
    request.address = .westLake
    request.workplace = ""
    request.changedOn = "2025-08-31"
    request.reportedOn = "2025-08-31"
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.changeRegistration(request, options: .intake)
    }
    #expect(
      error?.violations.map { "\($0.field) \($0.reason)" } == [
        "reported_on DATE_TOO_EARLY", "address REGISTRATION_UNCHANGED",
      ])
    #expect(try await registry.residence().registrations == [first])
  }

  @Test(arguments: TestEngine.all)
  func `both engines keep a change whole`(_ engine: TestEngine) async throws {
    let origin = try await RegistryFixture()
    try await engine.withStore(origin.clock) { store in
      let registry = try await RegistryFixture(again: origin, over: store)
      let first = try await registry.register { $0.workplace = "测试店" }
      let answer = try await registry.client.changeRegistration(.sample(first), options: .intake)
      let next = try #require(answer.registration)
      _ = try await registry.client.endRegistration(
        .sample(next, .recordedInError, on: "2026-03-05"), options: .intake)
      let history = try await registry.residence().registrations
      #expect(history.map(\.workplace) == ["测试店", "测试厂"])
      #expect(history.map(\.endedOn) == ["2026-03-01", "2026-03-05"])
      #expect(history.map(\.endReason) == [.moved, .recordedInError])
      #expect(history.map(\.version) == [2, 2])
    }
  }
}
