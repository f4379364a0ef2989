import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// Random officers, words, stale versions and answers of the registry: whatever they do, no permit
/// is cancelled but by the same word of two who did not open the inspection, and no fraud recorded
/// but one that they found; a child is not punished.
struct InspectionModelTests {
  private static let officers = (1...5).map { "p\($0)" }

  @Test func `no walk finds fraud without a hearing and three persons`() throws {
    var ends: [InspectionState: Int] = [:]
    var records: [CreditEntryState: Int] = [:]
    for seed in UInt64(1)...400 {
      var random = SeededRandom(seed: seed)
      let inspection = try Self.walk(&random, seed)
      ends[inspection.state, default: 0] += 1
      if let credit = inspection.credit { records[credit.state, default: 0] += 1 }
    }
    // The walks are worth something only if they come to every end.
    for state in [InspectionState.cleared, .cancelled, .overtaken] {
      #expect(ends[state, default: 0] > 0, "\(state)")
    }
    for state in CreditEntryState.allCases { #expect(records[state, default: 0] > 0, "\(state)") }
  }

  private static func walk(
    _ random: inout SeededRandom, _ seed: UInt64
  ) throws -> Inspection {
    let file = try CaseAt.state(.completed)
    let machine = try PolicyData.machine(of: file.origin)
    var now = nineOClock("2026-03-11")
    let draft = InspectionDraft(
      officer: Police.right(for: .review, id: "p1"), grounds: "举报", servedOn: "2026-03-11")
    let isChild = Int.random(in: 0..<4, using: &random) == 0
    let birthDate = CivilDate(iso: isChild ? "2015-03-07" : "1990-01-01")
    var inspection = try machine.open(
      draft, of: file, as: ID("inspection-1"), now: now
    ).get()
    var events: [InspectionEvent] = []
    for _ in 0..<80 {
      // Half a day at most while it goes on, then half a year.
      let pauseMs: Int64 = inspection.state.isClosed ? 15_552_000_000 : 43_200_000
      now = now.adding(milliseconds: Int64.random(in: 0...pauseMs, using: &random))
      guard
        let event = Self.event(
          of: inspection, in: file, bornOn: birthDate, by: machine, now, &random)
      else { continue }
      if case .proposed = event {
        let due = machine.statementDue(servedOn: inspection.servedOn).instant
        #expect(inspection.statement != nil || due <= now, "seed \(seed): nobody was heard")
      }
      let next = inspection.applying(event)
      #expect(next.version == inspection.version + 1, "seed \(seed)")
      try Self.checkCredit(of: next, after: event, from: inspection, now, seed)
      inspection = next
      events.append(event)
      try Self.check(inspection, seed)
      let isPunished = inspection.conclusion?.penalty.map { $0.kind != .notImposed } ?? false
      #expect(!isChild || !isPunished && inspection.credit == nil, "seed \(seed): a child")
    }
    #expect(events.filter { if case .cancelled = $0 { true } else { false } }.count <= 1)
    return inspection
  }

  /// What happens next: what time does, or what somebody wants; nil where he is refused.
  private static func event(
    of inspection: Inspection, in file: ApprovalCase, bornOn birthDate: CivilDate?,
    by machine: CaseMachine, _ now: Timestamp, _ random: inout SeededRandom
  ) -> InspectionEvent? {
    let command = self.command(on: inspection, bornOn: birthDate, &random)
    if Int.random(in: 0..<12, using: &random) == 0,
      let erased = inspection.creditErasure(by: now)
    {
      return erased
    }
    return try? machine.decide(inspection, of: file, command, now: now).get()
  }

  /// A record is there only of what two officers found and once the permit has ended; the platforms
  /// know each change of it by the next version, and nobody of the inspection settles a dispute.
  private static func checkCredit(
    of next: Inspection, after event: InspectionEvent, from last: Inspection, _ now: Timestamp,
    _ seed: UInt64
  ) throws {
    let versions = (last.credit?.version ?? 0, next.credit?.version ?? 0)
    #expect(versions.1 == versions.0 + (event.isOfCredit ? 1 : 0), "seed \(seed)")
    guard let credit = next.credit else { return }
    #expect(next.state == .cancelled || next.state == .overtaken, "seed \(seed)")
    #expect(next.conclusion?.penalty != nil, "seed \(seed): recorded without a finding")
    #expect((credit.penalty != nil) == credit.state.isLive, "seed \(seed)")
    if let settler = credit.dispute?.signature.officerID {
      #expect(next.officers[settler] == nil, "seed \(seed): \(settler) judges of his own finding")
    }
    let until = try #require(next.creditKeptUntil, "seed \(seed)").endOfDay
    let isLate = until <= now
    if case .creditErased(let at) = event { #expect(isLate && at == until, "seed \(seed)") }
    if event.isOfCredit, credit.state != .erased { #expect(!isLate, "seed \(seed)") }
    let inLaw = next.credit(at: now)?.state
    #expect(inLaw == (isLate && credit.state.isLive ? .erased : credit.state), "seed \(seed)")
  }

  private static func command(
    on inspection: Inspection, bornOn birthDate: CivilDate?, _ random: inout SeededRandom
  ) -> InspectionCommand {
    let isStale = Int.random(in: 0..<10, using: &random) == 0
    let stage = [Stage.accept, .review, .approve].randomElement(using: &random) ?? .review
    let caller = InspectionCaller(
      officer: Police.right(
        for: stage, id: self.officers.randomElement(using: &random) ?? "p1"),
      expectedVersion: inspection.version - (isStale ? 1 : 0))
    switch Int.random(in: 0..<15, using: &random) {
    case 12: return .recordCredit(bornOn: birthDate)
    case 13, 14:
      let penalty = PenaltyDraft(decisionNumber: "〔2026〕3号", kind: .warning, fineYuan: 0)
      let isCorrected = Int.random(in: 0..<3, using: &random) > 0
      return .settle(
        CreditDisputeDraft(reason: "异议", correction: isCorrected ? penalty : nil), caller)
    case 0: return .state(text: "陈述", isWaived: false, caller)
    case 1: return .recordCancellation
    case 2:
      let isOver = Int.random(in: 0..<3, using: &random) == 0
      return .recordRefusal(
        [CaseReason(code: isOver ? "PERMIT_WRONG_STATE" : "PERMIT_HELD", text: "")],
        isOver: isOver)
    default:
      let isFraud = Int.random(in: 0..<3, using: &random) > 0
      let isPunished = Int.random(in: 0..<3, using: &random) > 0
      let draft = ConclusionDraft(
        outcome: isFraud ? .fraud : .nothingFound, findings: "核查",
        decisionNumber: isFraud ? "〔2026〕\(Int.random(in: 1...2, using: &random))号" : "",
        penalty: isFraud ? isPunished ? .warning : .notImposed : nil, fineYuan: 0)
      return .conclude(draft, bornOn: birthDate, caller)
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
