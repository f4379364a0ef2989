import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct RecordDutyTests {
  /// A window of the county of these tests, beside the station: the next office.
  static let window = "330106600000"

  private static func rules() throws -> RegionRules {
    try RegionRules { name in
      let text = try PolicyTexts.text(name)
      guard name == "offices.tsv" else { return text }
      let fields = [
        Self.window, "window", "西湖区行政服务中心公安窗口", Police.bureau, "330106", "-", "*", "-",
        "-", "-", "西湖区行政服务中心公安窗口", "-", "-", "-",
      ]
      return text + "\n" + fields.joined(separator: "\t") + "\n"
    }
  }

  private static func desk() async throws -> Desk { try await Desk(rules: Self.rules()) }

  private static func workOffice(_ desk: Desk, _ id: String) async throws -> String? {
    let items = try await desk.client.listWork(.init(), options: .auditor).items
    return items.first { $0.caseID == id }?.workOffice
  }

  @Test func `a station that has nobody for a stage gives its work to the next office`()
    async throws
  {
    let desk = try await Self.desk()
    try await desk.recordDuty([("one", ["accept"]), ("two", ["accept"])])
    let id = try await desk.open()
    #expect(try await Self.workOffice(desk, id) == Police.station)
    try await desk.sign(id, .accept, by: Desk.officer(.accept, "one"))
    #expect(try await Self.workOffice(desk, id) == Self.window)
    let clerk = Officer(id: "clerk", office: Self.window, role: "review")
    #expect(try await desk.work(clerk, stage: .review).map(\.caseID) == [id])
    #expect(try await desk.sign(id, .review, by: clerk).state == .awaitingApproval)
  }

  @Test func `a station of one cannot review what that one has accepted`() async throws {
    let desk = try await Self.desk()
    try await desk.recordDuty([("one", ["accept", "review"])])
    let id = try await desk.open()
    try await desk.sign(id, .accept, by: Desk.officer(.accept, "one"))
    #expect(try await Self.workOffice(desk, id) == Self.window)
    // A station of two can.
    try await desk.recordDuty([("one", ["accept", "review"]), ("two", ["review"])])
    let other = try await desk.open("application-2")
    try await desk.sign(other, .accept, by: Desk.officer(.accept, "one"))
    #expect(try await Self.workOffice(desk, other) == Police.station)
  }

  @Test func `what waits at an office is moved when the last one goes away`() async throws {
    let desk = try await Self.desk()
    try await desk.recordDuty([("one", ["accept"]), ("two", ["review"])])
    let first = try await desk.open("application-1")
    let second = try await desk.open("application-2")
    #expect(try await desk.assembly.tidyDesksOnce() == 0)
    try await desk.recordAbsence("one", minutes: 600, by: Desk.stationHead)
    #expect(try await desk.assembly.tidyDesksOnce() == 2)
    #expect(try await desk.assembly.tidyDesksOnce() == 0)
    for id in [first, second] {
      #expect(try await Self.workOffice(desk, id) == Self.window)
      let events = try await desk.deskEvents(id)
      #expect(events.map(\.action) == ["moved"] && events.map(\.actor) == ["system"])
      #expect(events.map(\.detail) == [Self.window])
    }
    #expect(try await desk.read(first).version == 1)
  }

  @Test func `where no office has anybody, the work stays where it is`() async throws {
    let desk = try await Desk()
    try await desk.recordDuty([("one", ["accept"])])
    let id = try await desk.open()
    try await desk.sign(id, .accept, by: Desk.officer(.accept, "one"))
    #expect(try await Self.workOffice(desk, id) == Police.station)
    #expect(try await desk.assembly.tidyDesksOnce() == 0)
  }

  @Test func `only a head says who is on duty, each once, with roles that sign`() async throws {
    let desk = try await Desk()
    let nobody = await refusal {
      try await desk.recordDuty([], by: Desk.officer(.accept, "one"))
    }
    #expect(nobody.reason == "OFFICER_WRONG_OFFICE")
    let bad = await refusal {
      try await desk.recordDuty([("one", []), ("one", ["cook"]), ("", ["accept"])])
    }
    #expect(
      bad.violations.map { "\($0.field) \($0.reason)" } == [
        "officers[0].roles FIELD_MISSING", "officers[1].officer_id ID_REPEATED",
        "officers[1].roles VALUE_UNKNOWN", "officers[2].officer_id FIELD_MISSING",
      ])
    let many = (0...DeskPeople.officersMax).map { ("p\($0)", ["accept"]) }
    let tooMany = await refusal { try await desk.recordDuty(many) }
    #expect(tooMany.violations.map(\.reason) == ["NUMBER_OUT_OF_RANGE"])
    try await desk.recordDuty(Array(many.dropLast()))
  }
}
