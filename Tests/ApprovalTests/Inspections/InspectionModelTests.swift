import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// Random officers, words, stale versions and answers of the registry: whatever they do, no permit
/// is cancelled but by the same word of two who did not open the inspection.
struct InspectionModelTests {
  private static let officers = (1...4).map { "p\($0)" }

  @Test func `no walk finds fraud without a hearing and three persons`() throws {
    var ends: [InspectionState: Int] = [:]
    for seed in UInt64(1)...400 {
      var random = SeededRandom(seed: seed)
      let inspection = try Self.walk(&random, seed)
      ends[inspection.state, default: 0] += 1
    }
    // The walks are worth something only if they come to every end.
    for state in [InspectionState.cleared, .cancelled, .overtaken] {
      #expect(ends[state, default: 0] > 0, "\(state)")
    }
  }

  private static func walk(
    _ random: inout SeededRandom, _ seed: UInt64
  ) throws -> Inspection {
    let file = try CaseAt.state(.completed)
    let machine = try PolicyData.machine(of: file.origin)
    var now = nineOClock("2026-03-11")
    let draft = InspectionDraft(
      officer: Police.right(for: .review, id: "p1"), grounds: "举报", servedOn: "2026-03-11")
    var inspection = try machine.open(
      draft, of: file, as: ID("inspection-1"), now: now
    ).get()
    var events: [InspectionEvent] = []
    for _ in 0..<80 where !inspection.state.isClosed {
      now = now.adding(milliseconds: Int64.random(in: 0...43_200_000, using: &random))
      let command = Self.command(on: inspection, &random)
      guard
        case .success(let event?) = machine.decide(
          inspection, of: file, command, now: now)
      else { continue }
      if case .proposed = event {
        let due = machine.statementDue(servedOn: inspection.servedOn).instant
        #expect(inspection.statement != nil || due <= now, "seed \(seed): nobody was heard")
      }
      let next = inspection.applying(event)
      #expect(next.version == inspection.version + 1, "seed \(seed)")
      inspection = next
      events.append(event)
      try Self.check(inspection, seed)
    }
    #expect(events.filter { if case .cancelled = $0 { true } else { false } }.count <= 1)
    return inspection
  }

  private static func command(
    on inspection: Inspection, _ random: inout SeededRandom
  ) -> InspectionCommand {
    let isStale = Int.random(in: 0..<10, using: &random) == 0
    let stage = [Stage.accept, .review, .approve].randomElement(using: &random) ?? .review
    let caller = InspectionCaller(
      officer: Police.right(
        for: stage, id: self.officers.randomElement(using: &random) ?? "p1"),
      expectedVersion: inspection.version - (isStale ? 1 : 0))
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return .state(text: "陈述", isWaived: false, caller)
    case 1: return .recordCancellation
    case 2:
      return .recordRefusal(
        [CaseReason(code: "PERMIT_HELD", text: "")],
        isOver: Int.random(in: 0..<3, using: &random) == 0)
    default:
      let isFraud = Int.random(in: 0..<3, using: &random) > 0
      let draft = ConclusionDraft(
        outcome: isFraud ? .fraud : .nothingFound, findings: "核查",
        decisionNumber: isFraud ? "〔2026〕\(Int.random(in: 1...2, using: &random))号" : "",
        penalty: isFraud ? .warning : nil, fineYuan: 0)
      return .conclude(draft, caller)
    }
  }

  private static func check(_ inspection: Inspection, _ seed: UInt64) throws {
    let opener = inspection.opened.officerID
    #expect(inspection.officers[opener] == .open, "seed \(seed): the opener has another part")
    switch inspection.state {
    case .open:
      #expect(inspection.conclusion == nil && inspection.decided == nil, "seed \(seed)")
    case .proposed:
      #expect(inspection.conclusion != nil && inspection.decided == nil, "seed \(seed)")
    case .cleared, .fraudFound, .cancelled, .cancellationRefused, .overtaken:
      let proposed = try #require(inspection.proposed, "seed \(seed)").officerID
      let decided = try #require(inspection.decided, "seed \(seed)").officerID
      #expect(Set([opener, proposed, decided]).count == 3, "seed \(seed): a person twice")
      #expect(
        (inspection.conclusion?.penalty == nil) == (inspection.state == .cleared),
        "seed \(seed): cancelled without fraud")
    }
    #expect(
      inspection.state.isClosed || inspection.state == .fraudFound
        || inspection.state.awaited != nil, "seed \(seed): nobody is waited for")
  }
}
