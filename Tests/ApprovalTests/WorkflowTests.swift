import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// The ways of the kinds through the offices, as the policies have them.
struct WorkflowTests {
  static let threeOfficers: [ApplicationKind] = [
    .firstPermit, .endorsement, .conversionByPermit, .conversionByRegistration,
    .faceDataCorrection, .cancellation,
  ]

  @Test(arguments: Self.threeOfficers)
  func `three officers decide on permits`(_ kind: ApplicationKind) throws {
    let workflow = try PolicyData.machine(kind).workflow
    #expect(workflow.steps.map(\.stage) == [.accept, .review, .approve])
    #expect(workflow.deciding == .approve)
  }

  @Test(arguments: [ApplicationKind.residenceRegistration, .addressChange, .confirmationSlip])
  func `one officer confirms what is declared`(_ kind: ApplicationKind) throws {
    let workflow = try PolicyData.machine(kind).workflow
    #expect(workflow.steps.map(\.stage) == [.confirm])
    #expect(workflow.deciding == .confirm)
  }

  @Test(arguments: [ApplicationKind.contactChange, .lossReport, .lossWithdrawal])
  func `what takes effect at once has no case`(_ kind: ApplicationKind) throws {
    #expect(throws: PolicyMissing.self) { try PolicyData.machine(kind) }
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    let steps: [String]
    let reason: String
    var testDescription: String { self.reason }
  }

  static let broken = [
    Broken(
      steps: [
        "forward\twindow\t2", "accept\tstation\t-", "review\tstation\t-", "approve\tbureau\t-",
      ],
      reason: "it begins before anybody has taken it up"),
    Broken(
      steps: ["accept\tstation\t-", "make\t-\t7", "review\tstation\t-", "approve\tbureau\t-"],
      reason: "make is before the decision"),
    Broken(
      steps: [
        "accept\tstation\t-", "review\tstation\t-", "approve\tbureau\t-", "forward\twindow\t2",
      ],
      reason: "forward is after the decision"),
    Broken(
      steps: ["accept\tstation\t-", "review\tstation\t-", "approve\tbureau\t-", "make\t-\t7"],
      reason: "nobody sees when make is done"),
    Broken(
      steps: ["confirm\tstation\t-", "forward\twindow\t2"],
      reason: "forward is after the decision"),
  ]

  @Test(arguments: Self.broken)
  func `a way that cannot be gone to its end is refused when the service starts`(
    _ row: Broken
  ) throws {
    let lines = try PolicyTexts.text("shanghai.tsv").split(separator: "\n")
    let others = lines.filter { !$0.hasPrefix("stage\tfirst_permit\t") }
    let end = try #require(others.firstIndex { $0.hasPrefix("proxy\tfirst_permit\t") })
    let steps = row.steps.map { Substring("stage\tfirst_permit\t\($0)\tthis test") }
    let text = (others[..<end] + steps + others[end...]).joined(separator: "\n")
    let policy = try PolicySettings(text: text)
    let rules = try RegionRules(of: "shanghai", reading: PolicyTexts.text)
    let error = #expect(throws: PolicyFileError.self) {
      try CasePolicies(
        editions: PolicyEditions(only: policy), calendar: rules.calendar,
        offices: CaseOffices(rules.offices))
    }
    #expect(error?.reason == "first_permit: \(row.reason)")
  }

  @Test func `Shanghai's stages each run their own term`() throws {
    var file = try ApprovalCase.opened(.shanghai())
    var terms: [String] = []
    for (stage, day) in [
      (Stage.accept, "2026-03-11"), (.forward, "2026-03-12"), (.review, "2026-03-18"),
      (.approve, "2026-03-19"), (.make, "2026-03-27"), (.notify, "2026-03-30"),
    ] {
      terms.append(file.clocks.stage?.date.iso ?? "-")
      let officer = Police.right(for: stage, of: file.origin)
      file = try file.after(.sign(stage, .pass, by: officer), at: day)
      if stage == .approve {
        file = try file.after(
          .recordEffect(.init(certificateIdentifier: "1", at: nineOClock(day)), isLast: true),
          at: day)
      }
    }
    #expect(terms == ["-", "2026-03-13", "2026-03-20", "-", "2026-03-30", "2026-03-31"])
    #expect(file.state == .completed)
    #expect(file.clocks.promise?.date.iso == "2026-03-23")
  }

  @Test func `a supplement moves the term of the stage that waited for it`() throws {
    var file = try ApprovalCase.opened(.shanghai())
    for stage in [Stage.accept, .forward] {
      file = try file.after(.sign(stage, .pass, by: Police.right(for: stage, of: file.origin)))
    }
    #expect(file.nextDue?.date.iso == "2026-03-18")
    let reviewer = Police.right(for: .review, of: file.origin)
    file = try file.after(
      .sign(.review, .supplement, ["PHOTO_UNFIT"], by: reviewer), at: "2026-03-12")
    #expect(file.nextDue == nil && file.clocks.stage == nil)
    let back = nineOClock("2026-03-16")
    file = try file.after([.resume(round: 1, supplementedAt: back)], at: back)
    #expect(file.clocks.stage?.date.iso == "2026-03-20")
    #expect(file.workOffice == Police.shanghaiStation)
  }

  @Test func `where one officer decides the promise runs from receipt`() throws {
    let origin = ApprovalCase.Origin.shanghai(.residenceRegistration)
    let file = try ApprovalCase.opened(origin)
    #expect(file.nextDue?.date.iso == "2026-03-11")
    let officer = Police.right(for: .confirm, of: origin)
    let asked = try file.after(.sign(.confirm, .supplement, ["PHOTO_UNFIT"], by: officer))
    #expect(asked.nextDue == nil)
    let back = nineOClock("2026-03-17")
    let resumed = try asked.after([.resume(round: 1, supplementedAt: back)], at: back)
    #expect(resumed.state == .awaitingConfirmation)
    #expect(resumed.nextDue?.date.iso == "2026-03-18")
    let confirmed = try resumed.after(
      [.sign(.confirm, .pass, by: officer)], at: nineOClock("2026-03-20"))
    // However late he confirms, it counts as accepted when the supplement was there.
    #expect(confirmed.clocks.acceptedAt == back)
    #expect(confirmed.isOverdue(at: nineOClock("2026-03-20")))
  }
}
