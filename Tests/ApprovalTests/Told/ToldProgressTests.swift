import DomainModel
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Approval's machine beside intake's, with what is on its way between them: whatever happens to a
/// case, intake takes each step that it is told, whenever that arrives. A refusal would park the
/// application's lane, and nobody would be told any more.
struct ToldProgressTests {
  static let storiesCount: UInt64 = 200
  static let stepsMax = 80

  @Test(arguments: CaseWalkTests.origins, [false, true])
  func `intake takes whatever it is told, in whatever state it is by then`(
    _ origin: ApprovalCase.Origin, _ isEntered: Bool
  ) throws {
    let machines = try [false, true].map { try Self.machine(of: origin, published: $0) }
    var steps: Set<String> = []
    var recountsCount = 0
    for seed in 1...Self.storiesCount {
      var random = SeededRandom(seed: seed)
      var ofSeed = origin
      // Half of them run into a year whose arrangement is published while they do.
      if seed % 2 == 0 { ofSeed.submittedAt = nineOClock("2026-12-29") }
      var story = try Story(ofSeed, machines, isEntered: isEntered, seed: seed)
      for _ in 0..<Self.stepsMax { try story.step(&random) }
      for _ in 0..<Self.stepsMax where !story.isOver { try story.finishOneStep() }
      #expect(story.isOver, "seed \(seed) never ends")
      steps.formUnion(story.told)
      recountsCount += story.recountsCount
    }
    // The stories are worth something only if intake was told all there is to tell.
    let workflow = machines[0].workflow
    #expect(steps == Self.steps(of: origin, workflow, isEntered: isEntered))
    #expect(recountsCount > 0 || workflow.isConfirmed && isEntered)
  }

  /// All that intake can be told of a case.
  private static func steps(
    of origin: ApprovalCase.Origin, _ workflow: Workflow, isEntered: Bool
  ) -> Set<String> {
    // One officer who has confirmed a slip has nobody who could send it back to him.
    let decided: Set<String> = workflow.hasEffect ? ["completed", "refused"] : ["completed"]
    // Where one officer decides, his entry at the counter is the decision.
    if workflow.isConfirmed, isEntered { return decided }
    var steps = decided.union(["supplementNeeded", "resumed", "withdrawn", "closed"])
    if !isEntered { steps.insert("notAccepted") }
    if !workflow.isConfirmed { steps.formUnion(["accepted", "paused"]) }
    if !workflow.isConfirmed, origin.policyVersion == "zhejiang-1" { steps.insert("extended") }
    return steps
  }

  /// The machine of a case, before or after the arrangement of 2027 is published; in Zhejiang with
  /// a local rule by which a statute can be extended.
  private static func machine(
    of origin: ApprovalCase.Origin, published: Bool
  ) throws -> CaseMachine {
    let calendar = try ListDueDateMovesTests.rules(published: published).calendar
    let plain = try PolicyData.machine(of: origin)
    let editions =
      origin.policyVersion == "zhejiang-1"
      ? try ExtendDeadlineTests.policies() : PolicyEditions(only: plain.terms.policy)
    return try CasePolicies(editions: editions, calendar: calendar, offices: plain.offices)
      .machine(of: origin)
  }
}

/// One application and its case. Nothing between them is lost, each way keeps its order, and takes
/// any time.
private struct Story {
  /// Before and after the next year's arrangement is published.
  let machines: [CaseMachine]
  var machine: CaseMachine
  var recountsCount = 0
  let announcer: CaseAnnouncer
  let seed: UInt64
  var walk: Walk
  var record: CaseRecord
  var beside: ToldApplication
  var toIntake: [IntakeV1.RecordProgressRequest] = []
  var toApproval: [CaseCommand] = []
  /// Which steps intake has taken.
  var told: Set<String> = []

  init(
    _ origin: ApprovalCase.Origin, _ machines: [CaseMachine], isEntered: Bool, seed: UInt64
  ) throws {
    let machine = try #require(machines.first)
    self.machines = machines
    self.machine = machine
    self.announcer = CaseAnnouncer(offices: machine.offices)
    self.seed = seed
    self.walk = Walk(
      file: machine.open(origin, as: ID("case-1")), now: origin.submittedAt,
      isAnswered: seed % 3 != 0)
    self.record = CaseRecord(
      file: self.walk.file,
      papers: CaseFile(
        form: try Desk.form.wireBytes(), materials: try CaseFile.encoded([]), findings: []),
      progress: 0)
    let kind = try #require(machine.terms.policy.kinds.kinds[origin.kind])
    let day = CivilDate(of: origin.submittedAt)
    let terms = (
      promise: machine.terms.promiseDue(acceptedOn: day, of: origin.kind),
      statute: machine.terms.statuteDue(acceptedOn: day, of: origin.kind)
    )
    self.beside = try ToldApplication(
      kind, submittedAt: origin.submittedAt, under: origin.policyVersion,
      acceptedUntil: isEntered ? terms : nil)
    if isEntered { try self.enter() }
  }

  /// At the counter the entry is the first stage's opinion, dated to the submission.
  private mutating func enter() throws {
    let stage = self.machine.workflow.first
    let officer = Police.right(for: stage, id: "p-counter", of: self.walk.file.origin)
    self.walk.apply(self.machine, .sign(stage, .pass, by: officer, version: 1))
    try self.tell()
  }

  /// Whether the case has ended, and nothing is on its way.
  var isOver: Bool {
    self.walk.file.state.isClosed && self.toIntake.isEmpty && self.toApproval.isEmpty
  }

  /// Something happens somewhere.
  mutating func step(_ random: inout SeededRandom) throws {
    let now = self.walk.now
    switch Int.random(in: 0..<80, using: &random) {
    case 0..<40:
      self.walk.deskStep(self.machine, &random)
      try self.tell()
    case 40..<57: try self.deliverToIntake()
    case 57: try self.publish()
    case 58..<68: try self.deliverToApproval()
    case 68..<78: try self.supplement()
    case 78:
      if Bool.random(using: &random), self.beside.askBack(at: now) {
        self.toApproval.append(.withdraw(at: now))
      }
    default:
      if Int.random(in: 0..<4, using: &random) == 0, self.beside.askToClose(at: now) {
        self.toApproval.append(.close(.death, on: CivilDate(of: now), recordedAt: now))
      }
    }
    try self.check()
  }

  /// What is on its way arrives; then somebody willing does what is waited for.
  mutating func finishOneStep() throws {
    while !self.toIntake.isEmpty || !self.toApproval.isEmpty {
      try self.deliverToIntake()
      try self.deliverToApproval()
    }
    try self.check()
    if self.walk.file.state.isClosed { return }
    if self.walk.file.state.waitingFor == .applicant, self.walk.isAnswered {
      try self.supplement()
    } else {
      self.walk.finishOneStep(self.machine)
      try self.tell()
    }
  }

  /// The next year's arrangement comes, and the case's dates are counted anew.
  private mutating func publish() throws {
    guard let published = self.machines.last else { return }
    self.machine = published
    guard let counted = published.recount(self.walk.file, at: self.walk.now) else { return }
    if let event = counted.event {
      self.recountsCount += 1
      self.walk.happen(event, published)
      try self.tell()
    } else {
      self.walk.file.clocks = counted.clocks
      self.record.file.clocks = counted.clocks
    }
  }

  private mutating func supplement() throws {
    if let round = try self.beside.supplement(at: self.walk.now) {
      self.toApproval.append(.resume(round: round, supplementedAt: self.walk.now))
    }
  }

  /// What has happened to the case since is owed to intake, as its announcer says it.
  private mutating func tell() throws {
    for event in self.walk.takeHappened() {
      self.record.file = self.machine.applying(event, to: self.record.file)
      for message in try self.announcer.messages(&self.record, event)
      where message.destination == "intake" {
        self.toIntake.append(try IntakeV1.RecordProgressRequest(wireBytes: message.payload))
      }
    }
    #expect(self.record.file == self.walk.file, "seed \(self.seed)")
  }

  private mutating func deliverToIntake() throws {
    guard !self.toIntake.isEmpty else { return }
    let request = self.toIntake.removeFirst()
    let (name, state) = (Self.name(of: request), self.beside.state)
    do {
      try self.beside.take(request, at: self.walk.now)
      self.told.insert(name)
    } catch {
      Issue.record("seed \(self.seed): intake refuses \(name) while \(state): \(error)")
      throw error
    }
  }

  private mutating func deliverToApproval() throws {
    guard !self.toApproval.isEmpty else { return }
    let command = self.toApproval.removeFirst()
    let now = self.walk.now
    for event in self.machine.passed(self.walk.file, before: command, at: now) {
      self.walk.happen(event, self.machine)
    }
    switch (self.machine.decide(self.walk.file, command, now: now), command) {
    case (.success, _): self.walk.apply(self.machine, command)
    // The decision was first, or a court's order holds it.
    case (.failure, .withdraw): self.beside.keepByDecision(at: now)
    case (.failure(let refusal), _):
      Issue.record(
        "seed \(self.seed): approval refuses \(command) while \(refusal.currentState)")
    }
    try self.tell()
  }

  /// With nothing on its way both say the same.
  private func check() throws {
    guard self.toIntake.isEmpty, self.toApproval.isEmpty else { return }
    let file = self.walk.file
    let isAccepted = file.clocks.acceptedAt != nil && !self.machine.workflow.isConfirmed
    let expected =
      switch file.state.waitingFor {
      case .nobody: file.state.rawValue
      case .applicant: "supplement_needed"
      case .officer, .decider, .registry:
        // A card that is still to be made or fetched: the permit is in force, and that was told.
        file.state.isInEffect ? "completed" : isAccepted ? "accepted" : "submitted"
      }
    #expect(
      self.beside.state == expected, "seed \(self.seed): intake, while its case is \(file.state)")
  }

  private static func name(of request: IntakeV1.RecordProgressRequest) -> String {
    let text = request.step.map { "\($0)" } ?? "none"
    return String(text.prefix { $0 != "(" })
  }
}
