import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// Random walks of cases, with many officers, wrong offices and old versions, that must break no
/// invariant. A failure names its seed.
struct CaseWalkTests {
  static let walksCount: UInt64 = 400
  static let stepsMax = 60

  @Test func `whatever is tried, no invariant breaks and every case can still end`() throws {
    let machine = try PolicyData.machine()
    var ends: [CaseState: Int] = [:]
    for seed in 1...Self.walksCount {
      var random = SeededRandom(seed: seed)
      var walk = Walk(
        file: try ApprovalCase.opened(
          failedRules: seed % 2 == 0 ? ["HALF_YEAR_NOT_REACHED"] : []),
        now: nineOClock("2026-01-05"), isAnswered: seed % 3 != 0)
      for _ in 0..<Self.stepsMax where !walk.file.state.isClosed {
        walk.step(machine, &random)
        try Self.check(walk, seed)
      }
      for _ in 0..<Self.stepsMax where !walk.file.state.isClosed {
        walk.finishOneStep(machine)
        try Self.check(walk, seed)
      }
      #expect(walk.file.state.isClosed, "seed \(seed) never ends")
      ends[walk.file.state, default: 0] += 1
    }
    // The walks are worth something only if they end in every way there is.
    #expect(Set(ends.keys) == [.completed, .notAccepted, .refused])
  }

  private static func check(_ walk: Walk, _ seed: UInt64) throws {
    let file = walk.file
    let stages = Dictionary(grouping: file.opinions, by: \.officerID).mapValues {
      Set($0.map(\.stage))
    }
    #expect(stages.values.allSatisfy { $0.count == 1 }, "seed \(seed): a person twice")
    #expect(
      Set(file.opinions.map { "\($0.round) \($0.stage)" }).count == file.opinions.count,
      "seed \(seed): two opinions of one round and stage")
    #expect(file.version == Int64(1 + walk.eventsCount), "seed \(seed)")
    #expect(file.opinions.allSatisfy { $0.officeCode == file.office(of: $0.stage) }, "seed \(seed)")
    #expect(
      Set(file.notices.map(\.round)).count == file.notices.count, "seed \(seed): a notice twice")
    let asked = file.opinions.filter { $0.decision == .supplement }.flatMap(\.reasons).map(\.code)
    #expect(Set(asked).count == asked.count, "seed \(seed): asked for the same thing twice")
    switch file.state.waitingFor {
    case .applicant: #expect(file.awaitedNotice != nil, "seed \(seed)")
    case .officer(let stage):
      #expect(file.nextDue != nil, "seed \(seed)")
      if file.state == .issueRefused { #expect(file.approver != nil && stage == .approve) }
    case .registry: #expect(file.nextDue != nil, "seed \(seed)")
    case .nobody: try self.checkEnd(of: file, seed)
    }
  }

  private static func checkEnd(of file: ApprovalCase, _ seed: UInt64) throws {
    let last = try #require(file.opinions.last)
    switch file.state {
    case .notAccepted:
      #expect(last.stage == .accept && last.decision == .refuse, "seed \(seed)")
      let named = last.reasons.map(\.code)
      #expect(!named.isEmpty, "seed \(seed)")
      #expect(
        named.contains("OFFICE_NOT_COMPETENT") || Set(file.codesToName).isSubset(of: named),
        "seed \(seed)")
    case .refused:
      #expect(last.stage == .approve && last.decision == .refuse, "seed \(seed)")
      #expect(Set(file.codesToName).isSubset(of: last.reasons.map(\.code)), "seed \(seed)")
      #expect(Set(file.opinions.map(\.stage)).count == 3, "seed \(seed)")
    default:
      let signed = Stage.allCases.compactMap { stage in file.opinions.last { $0.stage == stage } }
      #expect(signed.count == 3 && Set(signed.map(\.officerID)).count == 3, "seed \(seed)")
      #expect(signed[0].decision == .pass && signed[2].decision == .pass, "seed \(seed)")
      #expect(file.issue != nil)
    }
  }
}

/// One case, and the people around it.
private struct Walk {
  var file: ApprovalCase
  var now: Timestamp
  /// Whether the applicant answers a notice in the end.
  let isAnswered: Bool
  var eventsCount = 0

  mutating func apply(_ machine: CaseMachine, _ command: CaseCommand) {
    guard case .success(let events) = machine.decide(self.file, command, now: self.now) else {
      return
    }
    self.eventsCount += events.count
    for event in events { self.file = self.file.applying(event) }
  }

  mutating func step(_ machine: CaseMachine, _ random: inout SeededRandom) {
    let daysMax: Int64 = Int.random(in: 0..<30, using: &random) == 0 ? 60 : 1
    self.now = self.now.adding(
      milliseconds: Int64.random(in: 0...daysMax * 86_400_000, using: &random))
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let round = Int.random(in: 1...4, using: &random)
      self.apply(machine, .resume(round: round, supplementedAt: self.now))
    case 1: self.apply(machine, .issued())
    case 2: self.apply(machine, .issueRefusedAsLive)
    default: self.apply(machine, .sign(self.draft(&random)))
    }
  }

  private func draft(_ random: inout SeededRandom) -> OpinionDraft {
    let stage = Stage.allCases.randomElement(using: &random) ?? .accept
    let decision = Decision.allCases.randomElement(using: &random) ?? .pass
    var officer = Police.right(
      for: stage, id: "police-\(Int.random(in: 1...4, using: &random))")
    if Int.random(in: 0..<10, using: &random) == 0 { officer.office = Police.elsewhere }
    if Int.random(in: 0..<10, using: &random) == 0 { officer.role = "review" }
    let isStale = Int.random(in: 0..<10, using: &random) == 0
    var codes = decision == .pass ? [] : OfficerReason.allCases.map(\.rawValue)
    codes = Array(codes.shuffled(using: &random).prefix(2))
    if decision == .refuse && Bool.random(using: &random) { codes += self.file.codesToName }
    return OpinionDraft(
      officer: officer, expectedVersion: self.file.version - (isStale ? 1 : 0), stage: stage,
      decision: decision, reasons: codes.map { CaseReason(code: $0, text: "理由") }, text: "")
  }

  /// What a willing person would do next.
  mutating func finishOneStep(_ machine: CaseMachine) {
    self.now = self.now.adding(milliseconds: 3_600_000)
    switch self.file.state.waitingFor {
    case .nobody: break
    case .registry: self.apply(machine, .issued())
    case .applicant where !self.isAnswered:
      self.now = self.now.adding(milliseconds: 60 * 86_400_000)
      let stage: Stage = self.file.state == .awaitingSupplement ? .accept : .approve
      self.apply(
        machine,
        .sign(
          stage, .refuse, ["APPLICANT_DECEASED"] + self.file.codesToName,
          by: Police.right(for: stage, id: "willing-\(stage.rawValue)"),
          version: self.file.version))
    case .applicant:
      let round = self.file.awaitedNotice?.round ?? 0
      self.apply(machine, .resume(round: round, supplementedAt: self.now))
    case .officer(let stage):
      let named = self.file.state == .issueRefused ? self.file.approver : nil
      self.apply(
        machine,
        .sign(
          stage, .pass, by: Police.right(for: stage, id: named ?? "willing-\(stage.rawValue)"),
          version: self.file.version))
    }
  }
}
