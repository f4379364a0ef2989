import DomainModel
import Testing

@testable import IntakeCore

/// The rules of a first permit, each by itself and all together.
struct EligibilityTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var hukou = "341221"
    var registrations: [(division: String, from: String, to: String?)] = [
      ("330106", "2025-03-01", nil)
    ]
    var holdsPermit = false
    var isTalent = false
    var failed: [String] = []
    var metOn: [String?] = []
  }

  static let rows = [
    Row(testDescription: "a year in the district"),
    Row(
      testDescription: "the corresponding day itself",
      registrations: [("330106", "2025-09-10", nil)]),
    Row(
      testDescription: "one day short", registrations: [("330106", "2025-09-11", nil)],
      failed: ["HALF_YEAR_NOT_REACHED"], metOn: ["2026-03-11"]),
    Row(
      testDescription: "31 August ends on 28 February",
      registrations: [("330106", "2025-08-31", nil)]),
    Row(
      testDescription: "moved between districts of one city",
      registrations: [("330102", "2025-06-01", "2025-12-31"), ("330106", "2026-01-05", nil)]),
    Row(
      testDescription: "a gap of eleven days begins anew",
      registrations: [("330106", "2025-06-01", "2025-12-20"), ("330106", "2026-01-01", nil)],
      failed: ["HALF_YEAR_NOT_REACHED"], metOn: ["2026-07-01"]),
    Row(
      testDescription: "registered in another unit only",
      registrations: [("330122", "2025-03-01", nil)],
      failed: ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED"], metOn: [nil, nil]),
    Row(
      testDescription: "registration ended yesterday, time enough",
      registrations: [("330106", "2025-03-01", "2026-03-09")], failed: ["NOT_REGISTERED_HERE"],
      metOn: [nil]),
    Row(
      testDescription: "hukou in a district of the same city", hukou: "330102",
      failed: ["HUKOU_IS_LOCAL"], metOn: [nil]),
    Row(
      testDescription: "hukou under an abolished code of the same city", hukou: "330103",
      failed: ["HUKOU_IS_LOCAL"], metOn: [nil]),
    Row(testDescription: "hukou in a county of the same city", hukou: "330122"),
    Row(
      testDescription: "a live permit", holdsPermit: true, failed: ["LIVE_PERMIT_EXISTS"],
      metOn: [nil]),
    Row(
      testDescription: "a talent needs no half year",
      registrations: [("330106", "2026-03-09", nil)], isTalent: true),
    Row(
      testDescription: "a talent must be registered all the same", registrations: [],
      isTalent: true, failed: ["NOT_REGISTERED_HERE"], metOn: [nil]),
    Row(
      testDescription: "everything at once", hukou: "330102", registrations: [], holdsPermit: true,
      failed: [
        "HUKOU_IS_LOCAL", "NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED", "LIVE_PERMIT_EXISTS",
      ], metOn: [nil, nil, nil, nil]),
  ]

  @Test(arguments: Self.rows)
  func `the findings name exactly the rules that fail`(row: Row) throws {
    let rules = try PolicyData.rules.get()
    let kind = try #require(rules.policy.kinds.kinds[.firstPermit])
    let facts = try Self.facts(row, rules.divisions)
    let engine = Eligibility(policy: rules.policy, calendar: rules.calendar)
    let findings = engine.findings(facts, for: kind)
    let failed = findings.filter { !$0.passed }
    #expect(failed.map(\.rule.rawValue) == row.failed)
    #expect(failed.map(\.metOn?.iso) == row.metOn)
  }

  private static func facts(_ row: Row, _ divisions: DivisionTable) throws -> EligibilityFacts {
    var draft = BadForm.goodAdult
    draft.form.applicant.household.divisionCode = row.hukou
    if row.isTalent {
      draft.form.claims = [
        ClaimInput(condition: .known(.talent), evidence: [.known(.talentRecognition)])
      ]
      draft.slots.insert(MaterialSlot(.evidence, evidence: .talentRecognition))
    }
    let periods = row.registrations.compactMap { registration in
      divisions.residenceUnit(of: registration.division).flatMap { unit in
        CivilDate(iso: registration.from).flatMap {
          RegistrationPeriod(
            unit: unit.code, declaredOn: $0,
            endedOn: registration.to.flatMap(CivilDate.init(iso:)))
        }
      }
    }
    var facts = EligibilityFacts(try BadForm.read(draft))
    facts.registrations = .known(periods)
    facts.permit = .known(
      row.holdsPermit
        ? HeldPermit(unit: facts.residenceUnit.value, standing: .valid, validTo: BadForm.today)
        : nil)
    return facts
  }

  @Test func `a talent by a tick without its paper is exempt from nothing`() throws {
    var draft = BadForm.goodAdult
    draft.form.claims = [ClaimInput(condition: .known(.talent), evidence: [.known(.talentList)])]
    #expect(EligibilityFacts(try BadForm.read(draft)).shown == .known([]))
    draft.slots.insert(MaterialSlot(.evidence, evidence: .talentList))
    #expect(EligibilityFacts(try BadForm.read(draft)).shown == .known([.talent]))
  }
}
