import DomainModel
import RPC
import TestSupport
import Testing
import Wire

struct RecordRegistrationTests {
  typealias Request = RegistryV1.RecordRegistrationRequest

  @Test func `a registration is recorded as sent`() async throws {
    let registry = try await RegistryFixture()
    let answer = try await registry.client.recordRegistration(.sample(1), options: .intake)
    let registration = try #require(answer.registration)
    #expect(registration.address == .westLake)
    #expect(registration.declaredOn == "2025-08-31")
    #expect(registration.endedOn == "")
    #expect(registration.officeCode == "330106500000")
    #expect(registration.recordedAtMs == registry.clock.now().milliseconds)
    #expect(registration.registrationID.count == 26)
    #expect(try await registry.count(.history) == 1)
  }

  @Test func `a repeat gets the first answer`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.client.recordRegistration(.sample(1), options: .intake)
    registry.clock.advance(milliseconds: 60_000)
    let second = try await registry.client.recordRegistration(.sample(1), options: .intake)
    #expect(first == second)
    #expect(try await registry.count(.registration) == 1)
  }

  @Test func `the same registration under another key is the one that stands`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.client.recordRegistration(.sample(1), options: .intake)
    let second = try await registry.client.recordRegistration(
      .sample(1, key: "registration-key-2"), options: .integrator)
    #expect(first.registration == second.registration)
    #expect(!first.stoodAlready && second.stoodAlready)
    #expect(try await registry.count(.registration) == 1)
    #expect(try await registry.count(.history) == 1)
  }

  @Test func `a key used for another registration is refused`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.recordRegistration(.sample(2), options: .intake)
    }
    #expect(error?.reason == "IDEMPOTENCY_KEY_REUSED")
  }

  @Test func `a registration on record with another last day is not changed`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
    var ended = Request.sample(1, key: "registration-key-2")
    ended.endedOn = "2026-01-31"
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.recordRegistration(ended, options: .intake)
    }
    #expect(error?.reason == "REQUEST_INVALID")
    #expect(error?.violations.map(\.reason) == ["REGISTRATION_DIFFERS"])
    // The refused call has left its key free.
    _ = try await registry.client.recordRegistration(
      .sample(3, key: "registration-key-2"), options: .intake)
  }

  struct Defect: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let violations: Set<String>
    let change: @Sendable (inout Request) -> Void

    init(
      _ name: String, _ violations: Set<String>, change: @escaping @Sendable (inout Request) -> Void
    ) {
      self.testDescription = name
      self.violations = violations
      self.change = change
    }

    static let all = [
      Self(
        "no person",
        [
          "person.citizen_id FIELD_MISSING", "person.name FIELD_MISSING",
          "person.sex FIELD_MISSING", "person.ethnicity_code FIELD_MISSING",
          "person.household_address.division_code FIELD_MISSING",
          "person.household_address.detail ADDRESS_DETAIL_MISSING",
        ]
      ) { $0.person = nil },
      Self("wrong check digit", ["person.citizen_id CITIZEN_ID_CHECK_DIGIT"]) {
        $0.person?.citizenID = "361121199001010029"
      },
      Self("wrong sex", ["person.sex SEX_NOT_MATCHING_ID"]) { $0.person?.sex = .male },
      Self("unknown ethnicity", ["person.ethnicity_code ETHNICITY_UNKNOWN"]) {
        $0.person?.ethnicityCode = "57"
      },
      Self("outside of Zhejiang", ["address.division_code DIVISION_OUTSIDE_REGION"]) {
        $0.address?.divisionCode = "361121"
      },
      Self("a prefecture", ["address.division_code DIVISION_NOT_COUNTY"]) {
        $0.address?.divisionCode = "330100"
      },
      Self("no street", ["address.street ADDRESS_STREET_MISSING"]) { $0.address?.street = " " },
      Self("declared tomorrow", ["declared_on DATE_IN_FUTURE"]) { $0.declaredOn = "2026-03-11" },
      Self("no such day", ["declared_on DATE_INVALID"]) { $0.declaredOn = "2025-02-29" },
      Self("declared before birth", ["declared_on DATE_TOO_EARLY"]) {
        $0.declaredOn = "1989-12-31"
      },
      Self("ended before it began", ["ended_on DATE_TOO_EARLY"]) { $0.endedOn = "2025-08-30" },
      Self("office of 11 digits", ["office_code OFFICE_CODE_INVALID"]) {
        $0.officeCode = "33010650000"
      },
      Self(
        "three at once",
        [
          "person.name NAME_MIDDLE_DOT", "declared_on FIELD_MISSING", "office_code FIELD_MISSING",
        ]
      ) {
        $0.person?.name = "·𬎆"
        $0.declaredOn = ""
        $0.officeCode = ""
      },
    ]
  }

  @Test(arguments: Defect.all)
  func `every defect is told at once and nothing is kept`(_ defect: Defect) async throws {
    let registry = try await RegistryFixture()
    var request = Request.sample(1)
    defect.change(&request)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.recordRegistration(request, options: .intake)
    }
    #expect(error?.code == .invalidArgument)
    #expect(Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? []) == defect.violations)
    #expect(try await registry.count(.registration) == 0)
    #expect(try await registry.count(.person) == 0)
  }

  @Test func `a division given up since is taken as it was on the day`() async throws {
    let registry = try await RegistryFixture()
    var request = Request.sample(1)
    request.address?.divisionCode = "330103"
    request.declaredOn = "2019-05-01"
    let answer = try await registry.client.recordRegistration(request, options: .integrator)
    #expect(answer.registration?.address?.divisionCode == "330103")
  }
}
