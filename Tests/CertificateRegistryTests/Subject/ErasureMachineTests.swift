import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

struct ErasureMachineTests {
  private static func day(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  private static func record(_ change: (inout ErasureRecord) -> Void = { _ in }) throws
    -> ErasureRecord
  {
    var permit = Permit(
      id: ID("p"), certificateIdentifier: "c",
      term: PermitTerm(issuedOn: try day("2020-02-29"), validToOn: try day("2021-02-28")),
      bureauCode: "330106000000", divisionCode: "330106", applicationID: "a", caseID: "c",
      keyID: "k", issuedAt: try day("2020-02-29").startOfDay)
    permit.standing.cancellation = Cancellation(
      reason: .ownRequest, at: try day("2020-06-01").startOfDay)
    let registration = Registration(
      id: ID("r"),
      address: Address(division: "330106", street: "s", community: "", detail: "d"),
      declaredOn: try day("2019-01-01"), endedOn: try day("2020-05-01"), officeCode: "330106500000",
      recordedAt: try day("2019-01-01").startOfDay)
    var record = ErasureRecord(
      permits: [permit], registrations: [registration],
      writtenAt: try day("2020-06-01").startOfDay)
    change(&record)
    return record
  }

  @Test func `the term runs from the last end, and from the last writing where that is later`()
    throws
  {
    let machine = ErasureMachine(years: 5)
    #expect(machine.keptTo(try Self.record()).iso == "2025-06-01")
    let later = try Self.record { $0.registrations[0].endedOn = CivilDate(iso: "2024-02-29") }
    #expect(machine.keptTo(later).iso == "2029-02-28")
    let written = try Self.record {
      $0.writtenAt = CivilDate(iso: "2023-01-01")?.startOfDay ?? $0.writtenAt
    }
    #expect(machine.keptTo(written).iso == "2028-01-01")
    #expect(ErasureMachine(years: 3).keptTo(try Self.record()).iso == "2023-06-01")
  }

  @Test func `it is over at the end of its last day`() throws {
    let machine = ErasureMachine(years: 5)
    let end = try Self.day("2025-06-01").endOfDay
    let record = try Self.record()
    #expect(machine.rules(against: record, at: end.adding(milliseconds: -1)) == [.termNotOver])
    #expect(machine.rules(against: record, at: end) == [])
  }

  @Test func `each rule stands against it by itself`() throws {
    let pending = PendingEndorsement(applicationID: "a", submittedOn: try Self.day("2020-03-01"))
    let cases: [(ErasureRule, (inout ErasureRecord) -> Void)] = [
      (.permitLive, { $0.permits[0].standing.cancellation = nil }),
      (.registrationInForce, { $0.registrations[0].endedOn = nil }),
      (.endorsementPending, { $0.permits[0].standing.pending = pending }),
      (.permitHeld, { $0.permits[0].standing.holds = ["order"] }),
      (.textsOwed, { $0.owesTexts = true }),
    ]
    let machine = ErasureMachine(years: 5)
    let now = try Self.day("2026-01-01").startOfDay
    for (rule, change) in cases {
      #expect(machine.rules(against: try Self.record(change), at: now) == [rule])
    }
    #expect(Set(cases.map(\.0)).union([.termNotOver]) == Set(ErasureRule.allCases))
  }
}
