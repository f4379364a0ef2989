import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// Random walks of cases, with many officers, wrong offices and old versions, that must break no
/// invariant. A failure names its seed.
struct CaseWalkTests {
  static let walksCount: UInt64 = 200
  static let stepsMax = 60

  /// An application of each kind on which officers decide, in both regions.
  static let origins: [ApprovalCase.Origin] =
    [
      .firstPermit, .endorsement, .conversionByPermit, .conversionByRegistration,
      .faceDataCorrection, .cancellation, .residenceRegistration, .addressChange,
      .confirmationSlip,
    ].map { .zhejiang($0) } + [.firstPermit, .residenceRegistration].map { .shanghai($0) }

  @Test(arguments: Self.origins)
  func `whatever is tried, no invariant breaks and every case can still end`(
    _ origin: ApprovalCase.Origin
  ) throws {
    let machine = try PolicyData.machine(of: origin)
    var ends: [CaseState: Int] = [:]
    for seed in 1...Self.walksCount {
      var random = SeededRandom(seed: seed)
      var ofSeed = origin
      ofSeed.failedRules = seed % 2 == 0 ? ["HALF_YEAR_NOT_REACHED"] : []
      var walk = Walk(
        file: machine.open(ofSeed, as: ID("case-1")), now: nineOClock("2026-03-10"),
        isAnswered: seed % 3 != 0)
      for _ in 0..<Self.stepsMax where !walk.file.state.isClosed {
        walk.step(machine, &random)
        try Self.check(walk, machine, seed)
      }
      for _ in 0..<Self.stepsMax where !walk.file.state.isClosed {
        walk.finishOneStep(machine)
        try Self.check(walk, machine, seed)
      }
      #expect(walk.file.state.isClosed, "seed \(seed) never ends")
      ends[walk.file.state, default: 0] += 1
    }
    // The walks are worth something only if they end in every way there is.
    var possible: Set<CaseState> = [.completed, .notAccepted, .withdrawn, .closed]
    // One officer who has confirmed a slip has nobody who could send it back to him.
    if machine.workflow.hasEffect { possible.insert(.refused) }
    #expect(Set(ends.keys) == possible)
  }

  static func check(_ walk: Walk, _ machine: CaseMachine, _ seed: UInt64) throws {
    let file = walk.file
    let roles = Dictionary(grouping: file.opinions, by: \.officerID).mapValues {
      Set($0.map(\.stage.role))
    }
    #expect(roles.values.allSatisfy { $0.count == 1 }, "seed \(seed): a person twice")
    #expect(
      Set(file.opinions.map { "\($0.round) \($0.stage)" }).count == file.opinions.count,
      "seed \(seed): two opinions of one round and stage")
    #expect(file.version == Int64(1 + walk.eventsCount), "seed \(seed)")
    for opinion in file.opinions {
      let step = try #require(machine.workflow.step(opinion.stage), "seed \(seed)")
      let offices = machine.offices.offices(
        for: step, of: file.origin, on: CivilDate(of: opinion.signedAt))
      #expect(offices.contains(opinion.officeCode), "seed \(seed)")
    }
    let isSigned = walk.wasOnHold && file.opinions.count > walk.opinionsCount
    #expect(!isSigned, "seed \(seed): signed while a court held it")
    #expect(
      Set(file.notices.map(\.round)).count == file.notices.count, "seed \(seed): a notice twice")
    let asked = file.opinions.filter { $0.decision == .supplement }.flatMap(\.reasons).map(\.code)
    #expect(Set(asked).count == asked.count, "seed \(seed): asked for the same thing twice")
    try self.checkTime(walk, machine, seed)
    switch file.state.waitingFor {
    case .applicant: #expect(file.awaitedNotice != nil, "seed \(seed)")
    case .officer(let stage):
      #expect(file.nextDue != nil && file.workStage == stage, "seed \(seed)")
      #expect(!file.workOffice.isEmpty, "seed \(seed)")
    case .decider:
      #expect(file.nextDue != nil && file.workStage == machine.workflow.deciding, "seed \(seed)")
      #expect(file.workOffice == file.decision?.officeCode, "seed \(seed)")
    case .registry: #expect(file.nextDue != nil, "seed \(seed)")
    case .nobody: try self.checkEnd(of: file, machine.workflow, seed)
    }
  }

  /// What time has done is done once, and there is always something that it will do.
  private static func checkTime(
    _ walk: Walk, _ machine: CaseMachine, _ seed: UInt64
  ) throws {
    let file = walk.file
    #expect(
      Set(file.alarms.map { "\($0.term) \($0.dueOn)" }).count == file.alarms.count,
      "seed \(seed): a term passed twice")
    #expect(file.timerAt == machine.timer(of: file)?.at, "seed \(seed): the timer is another's")
    #expect(file.pauses.dropLast().allSatisfy { $0.resumedAt != nil }, "seed \(seed)")
    if file.state.isClosed {
      #expect(file.timerAt == nil, "seed \(seed): a closed case has a timer")
      return
    }
    let isTold = file.runningTerms.contains { term, due in
      file.alarms.contains { $0.term == term && $0.dueOn == due.date }
    }
    // While a court holds it a notice's end is told, and lapses only afterwards.
    let isHeldTold = file.isOnHold && file.alarms.contains { $0.term == .supplement }
    #expect(
      file.timerAt != nil || isTold || isHeldTold, "seed \(seed): nobody ever hears of it")
    for derivation in machine.derivations(of: file) {
      guard let due = file.clocks.due(of: derivation.term), derivation.isRunning else { continue }
      #expect(derivation.derivation.due == due, "seed \(seed): \(derivation.term)")
    }
    if let accepted = file.clocks.acceptedAt, let promise = file.clocks.promise, file.isRunning {
      let wanted = machine.terms.promiseDue(
        acceptedOn: CivilDate(of: accepted), of: file.origin.kind, pauses: machine.pauses(of: file))
      #expect(promise == wanted, "seed \(seed): the promise is another one")
    }
  }

  private static func checkEnd(
    of file: ApprovalCase, _ workflow: Workflow, _ seed: UInt64
  ) throws {
    if file.state == .withdrawn {
      #expect(file.withdrawnAt != nil && file.decision == nil, "seed \(seed)")
      return
    }
    if let closure = file.closure {
      #expect(file.state == .closed && file.decision == nil, "seed \(seed)")
      #expect(closure.closedAt >= file.origin.submittedAt, "seed \(seed)")
      return
    }
    let last = try #require(file.opinions.last)
    let count = workflow.isConfirmed ? 1 : 3
    switch file.state {
    case .notAccepted:
      #expect(last.stage == workflow.first && last.decision == .refuse, "seed \(seed)")
      let named = last.reasons.map(\.code)
      #expect(!named.isEmpty, "seed \(seed)")
      #expect(
        named.contains("OFFICE_NOT_COMPETENT") || Set(file.codesToName).isSubset(of: named),
        "seed \(seed)")
    case .refused:
      #expect(last.stage == workflow.deciding && last.decision == .refuse, "seed \(seed)")
      #expect(Set(file.codesToName).isSubset(of: last.reasons.map(\.code)), "seed \(seed)")
      let opinions = file.opinions.map(\.stage).filter(\.hasOpinion)
      let own = Set(opinions).subtracting(file.isDeemed ? [.accept] : [])
      #expect(own.count == count - (file.isDeemed ? 1 : 0), "seed \(seed)")
    default:
      let steps = workflow.steps.filter { !(file.isDeemed && $0.stage == .accept) }
      let signed = steps.map { step in file.opinions.last { $0.stage == step.stage } }
      #expect(signed.allSatisfy { $0 != nil }, "seed \(seed): a stage was left out")
      let opinions = signed.compactMap(\.self).filter(\.stage.hasOpinion)
      #expect(
        Set(opinions.map(\.officerID)).count == count - (file.isDeemed ? 1 : 0), "seed \(seed)")
      #expect(opinions.first?.decision == .pass || file.isDeemed, "seed \(seed)")
      #expect(opinions.last?.decision == .pass, "seed \(seed)")
      #expect(file.effect != nil)
    }
  }
}

extension ApprovalCase {
  /// Whether it was accepted by law and not by anybody's opinion.
  fileprivate var isDeemed: Bool {
    self.clocks.acceptedAt != nil
      && !self.opinions.contains { $0.decision == .pass && $0.stage.order == 0 }
  }

  /// Whether promise and statute run.
  fileprivate var isRunning: Bool { self.runningTerms.contains { $0.term == .promise } }
}

/// One case, and the people around it.
struct Walk {
  var file: ApprovalCase
  var now: Timestamp
  /// Whether the applicant answers a notice in the end.
  let isAnswered: Bool
  var eventsCount = 0
  /// What has happened since somebody asked.
  var happened: [CaseEvent] = []
  /// Whether a court held it before the last command, and how many opinions there were.
  var wasOnHold = false
  var opinionsCount = 0

  mutating func apply(_ machine: CaseMachine, _ command: CaseCommand) {
    (self.wasOnHold, self.opinionsCount) = (self.file.isOnHold, self.file.opinions.count)
    guard case .success(let events) = machine.decide(self.file, command, now: self.now) else {
      return
    }
    for event in events { self.happen(event, machine) }
  }

  mutating func happen(_ event: CaseEvent, _ machine: CaseMachine) {
    self.eventsCount += 1
    self.happened.append(event)
    self.file = machine.applying(event, to: self.file)
  }

  /// What has happened since this was asked last, the oldest first.
  mutating func takeHappened() -> [CaseEvent] {
    defer { self.happened = [] }
    return self.happened
  }

  /// Something happens: at the desks, by time or by whoever applied.
  mutating func step(_ machine: CaseMachine, _ random: inout SeededRandom) {
    self.goOn(machine, &random)
    switch Int.random(in: 0..<52, using: &random) {
    case 46: self.apply(machine, .close(.death, on: CivilDate(of: self.now), recordedAt: self.now))
    case 39: self.apply(machine, .withdraw(at: self.now))
    case 0...3:
      let round = Int.random(in: 1...4, using: &random)
      self.apply(machine, .resume(round: round, supplementedAt: self.now))
    default: self.act(machine, &random)
    }
  }

  /// Something happens at the desks or by time: nothing that intake has asked for.
  mutating func deskStep(_ machine: CaseMachine, _ random: inout SeededRandom) {
    self.goOn(machine, &random)
    self.act(machine, &random)
  }

  /// Time goes on.
  private mutating func goOn(_ machine: CaseMachine, _ random: inout SeededRandom) {
    let daysMax: Int64 = Int.random(in: 0..<30, using: &random) == 0 ? 60 : 1
    self.now = self.now.adding(
      milliseconds: Int64.random(in: 0...daysMax * 86_400_000, using: &random))
    // The timers run most of the time, and sometimes they are down.
    if Int.random(in: 0..<4, using: &random) > 0 { self.elapse(machine) }
  }

  private mutating func act(_ machine: CaseMachine, _ random: inout SeededRandom) {
    switch Int.random(in: 0..<46, using: &random) {
    case 0...1: self.hold(machine, .place(court: "杭州市西湖区人民法院"), &random)
    case 2...4: self.hold(machine, .release(by: "终"), &random)
    case 5...10: self.order(machine, &random)
    case 11...14: self.apply(machine, .issued())
    case 15...18: self.apply(machine, .issueRefusedAsLive)
    default: self.apply(machine, .sign(self.draft(machine, &random)))
    }
  }

  /// Does what time has done by now.
  mutating func elapse(_ machine: CaseMachine) {
    for event in machine.elapsed(self.file, until: self.now) { self.happen(event, machine) }
  }

  /// A court holds the case, or lifts that.
  private mutating func hold(
    _ machine: CaseMachine, _ deed: HoldDraft.Deed, _ random: inout SeededRandom
  ) {
    let number = "初\(Int.random(in: 1...2, using: &random))"
    let head = Officer(id: "head", office: self.file.origin.bureauCode, role: Officer.headRole)
    self.apply(
      machine,
      .hold(
        HoldDraft(
          head: head, expectedVersion: self.file.version, documentNumber: number, deed: deed)))
  }

  /// Somebody stops the clocks, lets them go on, or asks for more days.
  private mutating func order(_ machine: CaseMachine, _ random: inout SeededRandom) {
    let deeds: [ClockOrder.Deed] = [
      .pause(.hearing, expectedDays: Int.random(in: 0...31, using: &random)),
      .pause(.appraisal, expectedDays: 5), .resume, .resume,
      .extend(days: Int.random(in: 0...20, using: &random)),
    ]
    let deed = deeds.randomElement(using: &random) ?? .resume
    var stage = self.file.workStage ?? .approve
    if case .extend = deed { stage = machine.workflow.deciding }
    let officer = self.right(machine, for: stage, "clock-keeper")
    let order = ClockOrder(deed: deed, officer: officer, expectedVersion: self.file.version)
    self.apply(machine, .order(order))
  }

  private func draft(_ machine: CaseMachine, _ random: inout SeededRandom) -> OpinionDraft {
    let stages = Bool.random(using: &random) ? machine.workflow.steps.map(\.stage) : Stage.allCases
    let isTurn = Bool.random(using: &random)
    let any = stages.randomElement(using: &random) ?? .accept
    let stage = isTurn ? self.file.workStage ?? any : any
    let decision = Decision.allCases.randomElement(using: &random) ?? .pass
    var officer = self.right(
      machine, for: stage, "police-\(Int.random(in: 1...4, using: &random))")
    if let decided = self.file.decision, Bool.random(using: &random) {
      officer.id = decided.officerID
    }
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
    if let hold = self.file.holds.first(where: { $0.release == nil }) {
      let head = Officer(id: "head", office: self.file.origin.bureauCode, role: Officer.headRole)
      self.apply(
        machine,
        .hold(
          HoldDraft(
            head: head, expectedVersion: self.file.version, documentNumber: hold.documentNumber,
            deed: .release(by: "终"))))
      return
    }
    if self.file.openPause != nil {
      let officer = self.right(machine, for: self.file.workStage ?? .review, "clock-keeper")
      self.apply(
        machine,
        .order(
          ClockOrder(deed: .resume, officer: officer, expectedVersion: self.file.version)))
      return
    }
    switch self.file.state.waitingFor {
    case .nobody: break
    case .registry: self.apply(machine, .issued())
    case .applicant where !self.isAnswered:
      self.now = self.now.adding(milliseconds: 60 * 86_400_000)
      let stage =
        self.file.state == .awaitingSupplement
        ? machine.workflow.first : machine.workflow.deciding
      self.apply(
        machine,
        .sign(
          stage, .refuse, ["APPLICANT_DECEASED"] + self.file.codesToName,
          by: self.right(machine, for: stage, "willing-\(stage.role)"),
          version: self.file.version))
    case .applicant:
      let round = self.file.awaitedNotice?.round ?? 0
      self.apply(machine, .resume(round: round, supplementedAt: self.now))
    case .officer(let stage): self.pass(machine, stage, by: "willing-\(stage.role)")
    case .decider:
      let decision = self.file.decision
      self.pass(machine, decision?.stage ?? .approve, by: decision?.officerID ?? "")
    }
  }

  private mutating func pass(_ machine: CaseMachine, _ stage: Stage, by id: String) {
    let officer = self.right(machine, for: stage, id)
    self.apply(machine, .sign(stage, .pass, by: officer, version: self.file.version))
  }

  /// Somebody who may sign a stage, where the policy has it done.
  private func right(_ machine: CaseMachine, for stage: Stage, _ id: String) -> Officer {
    var officer = Police.right(for: stage, id: id, of: self.file.origin)
    if let step = machine.workflow.step(stage) {
      let date = CivilDate(of: self.now)
      officer.office =
        machine.offices.offices(for: step, of: self.file.origin, on: date).first ?? officer.office
    }
    return officer
  }
}
