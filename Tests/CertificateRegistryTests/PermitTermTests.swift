import DomainModel
import Testing

@testable import CertificateRegistryCore

struct PermitTermTests {
  private static func day(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  @Test(arguments: [
    ("2025-03-10", "2026-03-10"), ("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28"),
    ("2025-12-31", "2026-12-31"),
  ])
  func `a permit is valid to the next anniversary`(_ issued: String, _ validTo: String) throws {
    let term = try RegistryFixture.policy().term(issuedOn: Self.day(issued))
    #expect(term.validToOn.iso == validTo)
  }

  @Test(arguments: [
    ("2025-03-10", PermitState.valid), ("2026-02-09", .valid),
    ("2026-02-10", .endorsementWindow), ("2026-03-10", .endorsementWindow),
    ("2026-03-11", .suspended), ("2029-01-01", .suspended),
  ])
  func `the state follows from the day`(_ today: String, _ state: PermitState) throws {
    let policy = try RegistryFixture.policy()
    let permit = try Permit.sample(issuedOn: "2025-03-10")
    let noon = try Self.day(today).startOfDay.adding(milliseconds: 12 * 3_600_000)
    #expect(policy.state(of: permit, at: noon) == state)
  }

  @Test func `it is suspended from 00 00 00 in Shanghai on the day after the anniversary`() throws {
    let policy = try RegistryFixture.policy()
    let permit = try Permit.sample(issuedOn: "2025-03-10")
    let midnight = try Self.day("2026-03-11").startOfDay
    #expect(midnight == Timestamp(milliseconds: 1_773_158_400_000))
    #expect(
      policy.state(of: permit, at: midnight.adding(milliseconds: -1)) == .endorsementWindow)
    #expect(policy.state(of: permit, at: midnight) == .suspended)
  }
}
