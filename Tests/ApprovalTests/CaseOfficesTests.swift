import DomainModel
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Which offices take part in a case, and which of them has the work.
struct CaseOfficesTests {
  static let station = "331123510000"
  static let bureau = "331123000000"
  static let window = "331123370000"
  static let centre = "331123600000"

  /// The offices of Suichang with its population service centre, which the county names for two
  /// kinds until the end of 2026.
  static func rules() throws -> RegionRules {
    try RegionRules { name in
      let text = try PolicyTexts.text(name)
      guard name == "offices.tsv" else { return text }
      let line = [
        Self.centre, "population_centre", "遂昌县流动人口服务中心", Self.bureau, "331123", "-",
        "first_permit,endorsement", "-", "2026-12-31", "-", "遂昌县流动人口服务中心", "-",
        "遂昌县人民政府", "遂昌县人民法院",
      ]
      return text + line.joined(separator: "\t") + "\n"
    }
  }

  private static func offices(
    _ stage: Stage, _ kind: ApplicationKind = .firstPermit, on iso: String = "2026-03-10"
  ) throws -> [String] {
    let rules = try Self.rules()
    let offices = CaseOffices(rules.offices)
    let policies = try CasePolicies(
      editions: PolicyEditions(only: rules.policy), calendar: rules.calendar, offices: offices)
    var origin = ApprovalCase.Origin.zhejiang(kind)
    (origin.officeCode, origin.bureauCode) = (Self.station, Self.bureau)
    let machine = try policies.machine(of: origin)
    let step = try #require(machine.workflow.step(stage))
    let date = try #require(CivilDate(iso: iso))
    return offices.offices(for: step, of: origin, on: date)
  }

  @Test func `a county's centre has the work of the stages and kinds it is named for`() throws {
    #expect(try Self.offices(.accept) == [Self.station, Self.window])
    #expect(try Self.offices(.review) == [Self.centre, Self.station, Self.window])
    #expect(try Self.offices(.approve) == [Self.centre, Self.bureau])
  }

  @Test func `it has no other kind's, and none after its last day`() throws {
    #expect(try Self.offices(.approve, .cancellation) == [Self.bureau])
    #expect(try Self.offices(.approve, on: "2027-01-01") == [Self.bureau])
  }

  @Test func `where the county has no office of the policy's kinds, the residence's does it`()
    throws
  {
    let origin = ApprovalCase.Origin.shanghai()
    let machine = try PolicyData.machine(of: origin)
    let step = try #require(machine.workflow.step(.forward))
    let date = CivilDate(of: origin.submittedAt)
    #expect(step.offices == [.window])
    #expect(machine.offices.offices(for: step, of: origin, on: date) == [Police.shanghaiStation])
  }

  @Test func `a window reaches its county and a station itself`() throws {
    let offices = CaseOffices(try Self.rules().offices)
    let date = try #require(CivilDate(iso: "2026-03-10"))
    #expect(offices.codes(from: Self.window, on: date) == [Self.window, Self.bureau])
    #expect(offices.codes(from: Self.station, on: date) == [Self.station])
    #expect(offices.codes(from: Self.bureau, on: date).contains(Self.centre))
  }

  @Test func `the centre's officers review and approve, and its refusals name its appeal`()
    async throws
  {
    let desk = try await Desk(rules: Self.rules())
    var request = desk.openRequest()
    (request.officeCode, request.bureauCode) = (Self.station, Self.bureau)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    func officer(_ stage: Stage, _ office: String) -> Officer {
      Officer(id: "police-\(stage.rawValue)", office: office, role: stage.role)
    }
    try await desk.sign(id, .accept, by: officer(.accept, Self.window))
    let work = try await desk.client.listWork(
      .init(stage: .review), options: .by(officer(.review, Self.centre)))
    #expect(work.items.map(\.caseID) == [id])
    // A window serves its whole county, and so sees all of its open cases.
    let all = try await desk.client.listWork(.init(), options: .by(officer(.accept, Self.window)))
    #expect(all.items.map(\.caseID) == [id])
    try await desk.sign(id, .review, by: officer(.review, Self.centre))
    try await desk.sign(
      id, .approve, .refuse, ["EVIDENCE_FALSE"], by: officer(.approve, Self.centre))
    try await desk.deliver()
    guard case .refused(let refusal) = desk.intake.told.last?.step else {
      Issue.record("\(desk.intake.told)")
      return
    }
    #expect(refusal.court == "遂昌县人民法院")
  }
}
