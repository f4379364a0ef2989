import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// What stands against a permit or a registration once something was reported of a person.
struct PersonFactsTests {
  private static func day(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  private func refusal(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? ServiceError)?.reason
    }
  }

  static let permits: [(PersonEvent?, String, String?)] = [
    (nil, "330106", nil), (.died(on: .earliest), "330106", "PERSON_DECEASED"),
    (.hukouMoved(to: "330105", on: .earliest), "330106", "HUKOU_IN_UNIT"),
    (.hukouMoved(to: "331123", on: .earliest), "330106", nil),
    (.hukouMoved(to: "361121", on: .earliest), "330106", nil),
  ]

  @Test(arguments: Self.permits)
  func `the dead hold no permit, and nobody one of his own hukou's unit`(
    _ event: PersonEvent?, _ division: String, _ reason: String?
  ) throws {
    let divisions = try RegistryFixture.policy().divisions
    let facts = PersonFacts(event.map { [$0] } ?? [])
    #expect(
      self.refusal { try facts.checkMayHold(permitIn: division, divisions) } == reason)
  }

  /// A registration from a day to another, of somebody who died or became local on 2026-02-18.
  static let registrations: [(String, String?, Bool)] = [
    ("2025-01-01", nil, false), ("2026-03-01", nil, false), ("2025-01-01", "2026-02-19", false),
    ("2025-01-01", "2026-02-18", true), ("2024-01-01", "2025-01-01", true),
  ]

  @Test(arguments: Self.registrations)
  func `what was over by then is recorded for its time`(
    _ declaredOn: String, _ endedOn: String?, _ isTaken: Bool
  ) throws {
    let divisions = try RegistryFixture.policy().divisions
    let day = try Self.day("2026-02-18")
    let (from, to) = (try Self.day(declaredOn), try endedOn.map(Self.day))
    for (event, reason) in [
      (PersonEvent.died(on: day), "PERSON_DECEASED"),
      (.hukouMoved(to: "330105", on: day), "HUKOU_IN_UNIT"),
    ] {
      let refusal = self.refusal {
        try PersonFacts([event]).checkMayRegister(in: "330106", from: from, to: to, divisions)
      }
      #expect(refusal == (isTaken ? nil : reason))
    }
  }

  @Test func `the later of two numbers is his, whichever was reported first`() throws {
    let numbers = try [3, 4].map { try CitizenID.check(CitizenIDs.woman($0), on: .latest).get() }
    let facts = PersonFacts([
      .numberChanged(to: numbers[1], on: try Self.day("2026-02-18")),
      .numberChanged(to: numbers[0], on: try Self.day("2025-02-18")),
    ])
    #expect(self.refusal { try facts.checkNumber(numbers[1]) } == nil)
    #expect(self.refusal { try facts.checkNumber(numbers[0]) } == "PERSON_NUMBER_CHANGED")
  }
}
