import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Many officers at one office and its bureau, who claim, sign, give back, go away, come late and
/// read what is stale, often several on one case at once, while the process is replaced now and
/// then. A model beside the service remembers what was acknowledged. A failure names its seed.
struct DeskModelTests {
  static let casesCount = 6
  static let stepsCount = 160

  @Test(arguments: 1...UInt64(12))
  func `whatever officers try, no opinion is lost or counted twice`(_ seed: UInt64) async throws {
    let clock = FakeClock()
    let desk = try await Desk(clock: clock)
    try await Self.run(desk, seed)
  }

  @Test(arguments: TestEngine.all.filter { $0 == .postgres })
  func `nor where several processes' transactions meet`(_ engine: TestEngine) async throws {
    for seed in 101...102 as ClosedRange<UInt64> {
      let clock = FakeClock()
      try await engine.withStore(clock) { store in
        try await Self.run(try await Desk(over: store, clock: clock), seed)
      }
    }
  }

  private static func run(_ desk: Desk, _ seed: UInt64) async throws {
    var model = try await DeskModel(desk, seed: seed, cases: Self.casesCount)
    for _ in 0..<Self.stepsCount { try await model.step() }
    try await model.checkEverything()
    try await model.finish()
    try await model.checkEverything()
    #expect(model.isVaried, "seed \(seed) tried too little: \(model.refusals)")
  }
}

/// What was acknowledged, and what must follow from it.
private struct DeskModel {
  struct Signed: Hashable {
    let stage: ApprovalV1.Stage
    let officerID: String
    let atMs: Int64
  }

  let seed: UInt64
  var random: SeededRandom
  var desk: Desk
  let cases: [String]
  var signed: [String: [Signed]] = [:]
  var refusals: [String: Int] = [:]
  /// Who was told that he holds a case, and until when.
  var claims: [String: (officer: String, number: Int64, untilMs: Int64)] = [:]
  var awayUntilMs: [String: Int64] = [:]
  var absent: Set<String> { Set(self.awayUntilMs.filter { $0.value > self.nowMs }.keys) }
  var nowMs: Int64 { self.desk.clock.now().milliseconds }
  static let officers = (1...7).map { "p\($0)" }

  init(_ desk: Desk, seed: UInt64, cases count: Int) async throws {
    self.seed = seed
    self.random = SeededRandom(seed: seed)
    self.desk = desk
    var cases: [String] = []
    for number in 0..<count {
      cases.append(
        try await desk.open(
          "application-\(number)", failedRules: number % 3 == 0 ? ["HALF_YEAR_NOT_REACHED"] : []))
    }
    self.cases = cases
  }

  var isVaried: Bool {
    let wanted = ["CASE_HELD_BY_ANOTHER", "VERSION_STALE", "OFFICER_ALREADY_IN_CASE"]
    return wanted.allSatisfy { self.refusals[$0, default: 0] > 0 }
      && self.signed.values.joined().count > 3
  }

  mutating func pick<Element>(_ all: [Element]) -> Element {
    all[Int.random(in: 0..<all.count, using: &self.random)]
  }

  mutating func happens(_ perCent: Int) -> Bool {
    Int.random(in: 0..<100, using: &self.random) < perCent
  }

  mutating func step() async throws {
    let minutes = self.happens(10) ? 45 : Int64.random(in: 0...4, using: &self.random)
    self.desk.clock.advance(milliseconds: minutes * Desk.minuteMs)
    let id = self.pick(self.cases)
    switch Int.random(in: 0..<100, using: &self.random) {
    case 0..<25: try await self.claim(id)
    case 25..<30: try await self.release(id)
    case 30..<36: try await self.goAway()
    case 36..<40: try await self.assign(id)
    case 40..<42: try await self.tolerate { try await $0.expedite(id) }
    case 42..<44: try await self.recuse(id)
    case 44..<54: try await self.tellOthers(id)
    case 54..<57:
      // Another process over the same store.
      self.desk = try await Desk(again: self.desk, over: self.desk.store)
    case 57..<60: _ = try await self.desk.assembly.tidyDesksOnce()
    default: try await self.sign(id)
    }
  }

  /// Does something that may be refused; the reason is remembered.
  private mutating func tolerate(_ body: (Desk) async throws -> Void) async throws {
    do {
      try await body(self.desk)
    } catch let error as ServiceError where error.code != .internal {
      self.refusals[error.reason, default: 0] += 1
    }
  }

  private mutating func officer(for file: ApprovalV1.Case) -> Officer {
    let stage = file.state.stage ?? .accept
    return Desk.officer(stage, self.pick(Self.officers))
  }

  private mutating func claim(_ id: String) async throws {
    let file = try await self.desk.read(id)
    let version = self.happens(10) ? max(0, file.version - 1) : file.version
    // Two try at once, now and then.
    let officers = (0..<(self.happens(40) ? 3 : 1)).map { _ in self.officer(for: file) }
    let desk = self.desk
    let answers = await withTaskGroup(
      of: (String, Result<ApprovalV1.ClaimCaseResponse, any Error>).self
    ) { group in
      for officer in officers {
        group.addTask {
          do {
            return (officer.id, .success(try await desk.claim(id, by: officer, version: version)))
          } catch { return (officer.id, .failure(error)) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let got = answers.compactMap { officer, answer in try? (officer, answer.get()) }
    #expect(Set(got.map(\.0)).count <= 1, "seed \(self.seed): two officers hold \(id)")
    for case (_, .failure(let error as ServiceError)) in answers {
      #expect(error.code != .internal, "seed \(self.seed): \(error)")
      self.refusals[error.reason, default: 0] += 1
    }
    guard let (officer, answer) = got.last else { return }
    self.expectFree(id, for: officer)
    self.claims[id] = (officer, answer.claimNumber, answer.heldUntilMs)
  }

  /// Nobody is given what another one was promised.
  private func expectFree(_ id: String, for officer: String) {
    guard let claim = self.claims[id], claim.untilMs > self.nowMs else { return }
    #expect(
      claim.officer == officer || self.absent.contains(claim.officer),
      "seed \(self.seed): \(claim.officer) held \(id)")
  }

  private mutating func sign(_ id: String) async throws {
    let file = try await self.desk.read(id)
    let stage = file.state.stage ?? .accept
    let version = self.happens(10) ? file.version - 1 : file.version
    let count = self.happens(40) ? 3 : 1
    let decision: Decision = stage != .approve && self.happens(10) ? .supplement : .pass
    let code = ["PHOTO_UNFIT", "ID_CARD_UNCLEAR", "EVIDENCE_INCOMPLETE"][file.opinions.count % 3]
    let requests = (0..<count).map { _ in
      let officer = self.officer(for: file)
      return (
        officer,
        ApprovalV1.RecordOpinionRequest(
          idempotencyKey: self.desk.key(), caseID: id, expectedVersion: version,
          stage: .init(stage), decision: .init(decision),
          reasons: decision == .pass ? [] : [ModelV1.Reason(code: code, text: "请补正。")],
          claimNumber: self.claims[id].map { $0.officer == officer.id ? $0.number : 0 } ?? 0)
      )
    }
    let desk = self.desk
    let answers = await withTaskGroup(
      of: (String, Result<ApprovalV1.Case?, any Error>).self
    ) { group in
      for (officer, request) in requests {
        group.addTask {
          do {
            let answer = try await desk.client.recordOpinion(request, options: .by(officer))
            // Whoever did not hear the answer sends it again.
            let again = try await desk.client.recordOpinion(request, options: .by(officer))
            #expect(answer == again)
            return (officer.id, .success(answer.case))
          } catch { return (officer.id, .failure(error)) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let done = answers.filter { if case .success = $0.1 { true } else { false } }
    #expect(done.count <= 1, "seed \(self.seed): \(done.count) signed one version of \(id)")
    for case (_, .failure(let error as ServiceError)) in answers {
      #expect(error.code != .internal, "seed \(self.seed): \(error)")
      self.refusals[error.reason, default: 0] += 1
    }
    guard let (officer, _) = done.first else { return }
    self.expectFree(id, for: officer)
    self.claims[id] = nil
    self.signed[id, default: []].append(
      Signed(stage: .init(stage), officerID: officer, atMs: self.nowMs))
  }

  private mutating func release(_ id: String) async throws {
    guard let claim = self.claims[id] else { return }
    let stage = try await self.desk.read(id).state.stage ?? .accept
    let isOther = self.happens(20)
    let officer = Desk.officer(stage, isOther ? self.pick(Self.officers) : claim.officer)
    do {
      try await self.desk.release(id, claim.number, by: officer)
      if officer.id == claim.officer { self.claims[id] = nil }
    } catch let error as ServiceError {
      self.refusals[error.reason, default: 0] += 1
    }
  }

  private mutating func goAway() async throws {
    let officer = self.pick(Self.officers)
    let minutes: Int64 = self.happens(30) ? 0 : 60
    let delegate = self.happens(50) ? self.pick(Self.officers.filter { $0 != officer }) : ""
    for head in [Desk.stationHead, Desk.bureauHead] {
      try await self.desk.recordAbsence(officer, minutes: minutes, delegate: delegate, by: head)
    }
    self.awayUntilMs[officer] = minutes == 0 ? nil : self.nowMs + minutes * Desk.minuteMs
  }

  private mutating func assign(_ id: String) async throws {
    let officer = self.happens(30) ? "" : self.pick(Self.officers)
    do {
      try await self.desk.assign(id, to: officer, by: Desk.bureauHead)
      if self.claims[id]?.officer != officer { self.claims[id] = nil }
    } catch let error as ServiceError {
      self.refusals[error.reason, default: 0] += 1
    }
  }

  private mutating func recuse(_ id: String) async throws {
    // Few enough that somebody is left for every stage.
    let officer = self.pick(Array(Self.officers.prefix(2)))
    do {
      let file = try await self.desk.read(id)
      try await self.desk.recuse(id, by: Desk.officer(file.state.stage ?? .accept, officer))
      if self.claims[id]?.officer == officer { self.claims[id] = nil }
    } catch let error as ServiceError {
      self.refusals[error.reason, default: 0] += 1
    }
  }

  /// The registry hears of decisions, and applicants answer notices.
  private mutating func tellOthers(_ id: String) async throws {
    try await self.desk.deliver()
    let file = try await self.desk.read(id)
    guard file.state == .awaitingSupplement || file.state == .reviewSupplement else { return }
    let round = file.opinions.last { $0.decision == .supplement }?.round ?? 1
    try await self.tolerate { try await $0.resume(file.applicationID, round: round) }
  }

  func checkEverything() async throws {
    for id in self.cases {
      let file = try await self.desk.read(id)
      let kept = file.opinions.map {
        Signed(stage: $0.stage, officerID: $0.officerID, atMs: $0.signedAtMs)
      }
      let told = self.signed[id] ?? []
      #expect(
        kept.count == told.count && Set(kept) == Set(told),
        "seed \(self.seed): \(id) was told \(told) and has \(kept)")
      let roles = Dictionary(grouping: file.opinions, by: \.officerID).mapValues {
        Set($0.map(\.stage)).count
      }
      #expect(roles.values.allSatisfy { $0 == 1 }, "seed \(self.seed): a person twice on \(id)")
      try await self.checkWaiting(file)
    }
    let lines = try await self.desk.client.getStatistics(
      .init(fromOn: "2026-03-01", toOn: "2026-12-31"), options: .auditor
    ).lines
    var closed = 0
    for id in self.cases where try await self.desk.read(id).state == .completed { closed += 1 }
    #expect(lines.first?.received == Int64(self.cases.count), "seed \(self.seed)")
    #expect(lines.first?.completed ?? 0 == Int64(closed), "seed \(self.seed)")
  }

  /// Every case has ended, or somebody can be named for whom it waits.
  private func checkWaiting(_ file: ApprovalV1.Case) async throws {
    let items = try await self.desk.client.listWork(
      .init(includeClosed: true), options: .auditor
    ).items
    let item = try #require(items.first { $0.caseID == file.caseID })
    switch file.state {
    case .completed, .awaitingSupplement, .reviewSupplement, .approved:
      #expect(item.workOffice.isEmpty, "seed \(self.seed): \(file.state)")
    default:
      #expect(!item.workOffice.isEmpty && item.dueAtMs > 0, "seed \(self.seed): \(file.state)")
      let name = file.desk?.waitsFor ?? ""
      #expect(!self.absent.contains(name), "seed \(self.seed): \(file.caseID) waits for \(name)")
    }
  }

  /// Whoever it waits for does it, until every case has ended.
  mutating func finish() async throws {
    self.desk.clock.advance(milliseconds: 120 * Desk.minuteMs)
    for round in 0..<40 {
      try await self.desk.deliver()
      var isOpen = false
      for id in self.cases {
        try await self.tellOthers(id)
        let file = try await self.desk.read(id)
        guard let stage = file.state.stage else {
          isOpen = isOpen || file.state != .completed
          continue
        }
        isOpen = true
        let named = file.desk?.waitsFor ?? ""
        let id = named.isEmpty ? "willing-\(stage.rawValue)-\(round)" : named
        let officer = Desk.officer(stage, id)
        let signed = try await self.desk.sign(file.caseID, stage, by: officer)
        let last = try #require(signed.opinions.last)
        self.signed[file.caseID, default: []].append(
          Signed(stage: last.stage, officerID: last.officerID, atMs: last.signedAtMs))
      }
      if !isOpen { return }
    }
    Issue.record("seed \(self.seed): not every case has ended")
  }
}

extension ApprovalV1.CaseState {
  /// The stage whose opinion is waited for.
  fileprivate var stage: Stage? {
    switch self {
    case .awaitingAcceptance: .accept
    case .awaitingReview: .review
    case .awaitingApproval, .issueRefused: .approve
    default: nil
    }
  }
}
