import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct RecordAbsenceTests {
  private static let one = Desk.officer(.accept, "one")
  private static let two = Desk.officer(.accept, "two")
  private static let three = Desk.officer(.accept, "three")

  private static func isHeld(_ desk: Desk, _ id: String) async -> Bool {
    await refusal { try await desk.claim(id, by: Self.two) }.reason == "CASE_HELD_BY_ANOTHER"
  }

  @Test func `the claim of who is away binds nobody, and does again when he is back`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    try await desk.recordAbsence("", minutes: 10, by: Self.one)
    #expect(try await desk.read(id).desk?.waitsFor == "")
    // Nor is he promised anything while he is away.
    let away = await refusal { try await desk.claim(id, by: Self.one) }
    #expect(away.violations.map(\.reason) == ["OFFICER_ABSENT"])
    desk.clock.advance(milliseconds: 10 * Desk.minuteMs)
    #expect(await Self.isHeld(desk, id))
    try await desk.recordAbsence("", minutes: 60, by: Self.one)
    try await desk.recordAbsence("", minutes: 0, by: Self.one)
    #expect(await Self.isHeld(desk, id))
    try await desk.recordAbsence("one", minutes: 60, by: Desk.stationHead)
    #expect(try await desk.claim(id, by: Self.two).claimNumber == 2)
  }

  @Test func `what waits for him by name goes to who stands in`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.assign(id, to: "one")
    try await desk.recordAbsence("one", minutes: 60, delegate: "two", by: Desk.stationHead)
    #expect(try await desk.read(id).desk?.waitsFor == "two")
    let mine = try await desk.work(Self.two, .init(mine: true), stage: .accept)
    #expect(mine.map(\.caseID) == [id])
    let error = await refusal { try await desk.sign(id, .accept, by: Self.three) }
    #expect(error.reason == "CASE_ASSIGNED_TO_ANOTHER")
    try await desk.sign(id, .accept, by: Self.two)
  }

  @Test func `without one, or where he is away too, anybody of the office does it`() async throws {
    let desk = try await Desk()
    for (number, delegate) in ["", "two"].enumerated() {
      let id = try await desk.open("application-\(number)")
      try await desk.assign(id, to: "one")
      try await desk.recordAbsence("one", minutes: 60, delegate: delegate, by: Desk.stationHead)
      try await desk.recordAbsence("two", minutes: 60, by: Desk.stationHead)
      #expect(try await desk.read(id).desk?.waitsFor == "")
      try await desk.sign(id, .accept, by: Self.three)
      try await desk.recordAbsence("one", minutes: 0, by: Desk.stationHead)
      try await desk.recordAbsence("two", minutes: 0, by: Desk.stationHead)
    }
  }

  @Test func `nobody is waited for whom the office's list does not have for it`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.assign(id, to: "one")
    try await desk.recordDuty([("one", ["accept"]), ("two", ["review"]), ("three", ["accept"])])
    #expect(try await desk.read(id).desk?.waitsFor == "one")
    // Who stands in has another role, or is nobody's name.
    for delegate in ["two", "tow"] {
      try await desk.recordAbsence("one", minutes: 60, delegate: delegate, by: Desk.stationHead)
      #expect(try await desk.read(id).desk?.waitsFor == "")
    }
    try await desk.recordAbsence("one", minutes: 0, by: Desk.stationHead)
    // He has left the service.
    try await desk.recordDuty([("two", ["review"]), ("three", ["accept"])])
    #expect(try await desk.read(id).desk?.waitsFor == "")
    try await desk.sign(id, .accept, by: Self.three)
  }

  @Test func `a refused issue goes to who stands in for the one who decided`() async throws {
    let (desk, id) = try await IssueRefusedTests.issueRefused()
    let approver = try #require(try await desk.read(id).opinions.last?.officerID)
    #expect(try await desk.read(id).desk?.waitsFor == approver)
    let other = Desk.officer(.approve, "another")
    let named = await refusal { try await desk.sign(id, .approve, by: other) }
    #expect(named.reason == "CASE_OF_ANOTHER_OFFICER")
    try await desk.recordAbsence(
      approver, minutes: 60, delegate: "another", by: Desk.bureauHead)
    #expect(try await desk.read(id).desk?.waitsFor == "another")
    #expect(try await desk.sign(id, .approve, by: other).state == .approved)
  }

  @Test func `only he himself or his office's head says so, and within bounds`() async throws {
    let desk = try await Desk()
    let other = await refusal {
      try await desk.recordAbsence("one", minutes: 60, by: Self.two)
    }
    #expect(other.reason == "OFFICER_WRONG_OFFICE")
    let long = await refusal {
      try await desk.recordAbsence("", minutes: 367 * 1_440, by: Self.one)
    }
    #expect(long.violations.map(\.field) == ["until_ms"])
    let own = await refusal {
      try await desk.recordAbsence("", minutes: 5, delegate: "one", by: Self.one)
    }
    #expect(own.violations.map(\.field) == ["delegate_id"])
    // The head of another office says nothing of this one's claims.
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    try await desk.recordAbsence("one", minutes: 60, by: Desk.bureauHead)
    #expect(await Self.isHeld(desk, id))
  }
}
