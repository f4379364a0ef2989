import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Asking how a case stood.
struct AsOfTests {
  /// What a case was after a step, and from when on.
  private struct Moment {
    var at: Timestamp
    var file: ApprovalV1.Case
  }

  /// A case that goes its way by chance, one step after the other.
  private struct Walk {
    let desk: Desk
    let id: String
    var random: SeededRandom
    var moments: [Moment] = []

    init(_ desk: Desk, seed: UInt64) async throws {
      self.desk = desk
      self.random = SeededRandom(seed: seed)
      desk.clock.advance(milliseconds: 1_000)
      self.id = try await desk.open("application-\(seed)")
      try await self.note()
    }

    var state: ApprovalV1.CaseState { self.moments.last?.file.state ?? .unspecified }

    private mutating func note() async throws {
      let file = try await self.desk.read(self.id)
      self.moments.append(Moment(at: self.desk.clock.now(), file: file))
    }

    private mutating func draw(_ odds: UInt64...) -> Int {
      var left = self.random.next() % odds.reduce(0, +)
      for (index, part) in odds.enumerated() {
        if left < part { return index }
        left -= part
      }
      return 0
    }

    /// Each notice asks for something else: nothing is asked for twice.
    private var unasked: [String] {
      let asked = self.moments.last?.file.opinions.filter { $0.decision == .supplement } ?? []
      return ["PHOTO_UNFIT", "ID_CARD_UNCLEAR", "MATERIAL_UNCLEAR"]
        .filter { code in !asked.contains { $0.reasons.map(\.code).contains(code) } }
    }

    private mutating func sign(_ stage: Stage, _ choices: [(Decision, [String])]) async throws {
      let (decision, codes) = choices[Int(self.random.next() % UInt64(choices.count))]
      try await self.desk.sign(self.id, stage, decision, codes)
    }

    /// One step that changes the case.
    mutating func step() async throws {
      self.desk.clock.advance(milliseconds: 1 + Int64(self.random.next() % 7_200_000))
      let supplement = self.unasked.prefix(1).map { (Decision.supplement, [$0]) }
      switch self.state {
      case .awaitingAcceptance:
        let refusal = (Decision.refuse, ["OFFICE_NOT_COMPETENT"])
        let likely = [(Decision.pass, [String]()), (.pass, [])]
        try await self.sign(.accept, likely + supplement + (self.draw(4, 1) == 1 ? [refusal] : []))
      case .awaitingReview:
        try await self.sign(.review, [(.pass, []), (.refuse, ["EVIDENCE_FALSE"])] + supplement)
      case .awaitingApproval:
        try await self.sign(.approve, [(.pass, []), (.pass, []), (.refuse, ["EVIDENCE_FALSE"])])
      case .issueRefused:
        try await self.sign(.approve, [(.pass, []), (.refuse, ["PERMIT_ALREADY_LIVE"])])
      case .approved:
        let isRefused = self.draw(1, 1) == 0
        self.desk.registry.refuse(with: isRefused ? ServiceError(.permitAlreadyLive) : nil)
        try await self.desk.deliver()
      case .awaitingSupplement, .reviewSupplement:
        let round = self.moments.last?.file.opinions.last?.round ?? 1
        let application = self.moments.last?.file.applicationID ?? ""
        try await self.desk.resume(application, round: round)
      default: Issue.record("no step from \(self.state)")
      }
      try await self.note()
    }

    var isClosed: Bool {
      [.completed, .notAccepted, .refused].contains(self.state)
    }
  }

  private static func read(
    _ desk: Desk, _ id: String, asOf instant: Timestamp
  ) async throws -> ApprovalV1.Case? {
    let request = ApprovalV1.GetCaseRequest(key: .caseID(id), asOfMs: instant.milliseconds)
    return try await desk.client.getCase(request, options: .auditor).case
  }

  @Test(arguments: TestEngine.all)
  func `whatever happens to a case, each earlier answer is given again`(
    _ engine: TestEngine
  ) async throws {
    var ends: Set<ApprovalV1.CaseState> = []
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      for seed in UInt64(1)...20 {
        var walk = try await Walk(desk, seed: seed)
        for _ in 0..<20 where !walk.isClosed { try await walk.step() }
        ends.insert(walk.state)
        desk.clock.advance(milliseconds: 1)
        for (index, moment) in walk.moments.enumerated() {
          let next = walk.moments.dropFirst(index + 1).first?.at ?? desk.clock.now()
          for instant in [moment.at, next.adding(milliseconds: -1)] {
            let found = try await Self.read(desk, walk.id, asOf: instant)
            #expect(found == moment.file, "seed \(seed), step \(index)")
          }
        }
        let early = walk.moments[0].at.adding(milliseconds: -1)
        let error = await refusal { try await Self.read(desk, walk.id, asOf: early) }
        #expect(error.reason == "NOT_THERE_YET")
        #expect(error.code == .notFound)
      }
    }
    #expect(ends == [.completed, .notAccepted, .refused])
  }

  @Test(arguments: [(-1, "NUMBER_OUT_OF_RANGE"), (1, "DATE_IN_FUTURE")])
  func `an instant that is none is told`(_ row: (sign: Int64, defect: String)) async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let instant = row.sign < 0 ? -1 : desk.clock.now().milliseconds + 1
    let error = await refusal {
      try await Self.read(desk, id, asOf: Timestamp(milliseconds: instant))
    }
    #expect(error.code == .invalidArgument)
    #expect(error.violations.map { "\($0.field) \($0.reason)" } == ["as_of_ms \(row.defect)"])
  }

  @Test func `who may not read a case may not read its past`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let request = ApprovalV1.GetCaseRequest(
      key: .caseID(id), asOfMs: desk.clock.now().milliseconds)
    let stranger = Caller(kind: .officer, id: "p", office: Police.elsewhere, role: "accept")
    let error = await refusal { try await desk.client.getCase(request, options: .by(stranger)) }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test(arguments: TestEngine.all)
  func `a case of an earlier release says what it knows of its past`(
    _ engine: TestEngine
  ) async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let opened = desk.clock.now()
    let data = try await EarlierData(of: desk.store, ApprovalAssembly.migrations)
    try await engine.withStore(desk.clock) { store in
      _ = try await data.write(to: store, on: engine, version: 1, now: opened)
      let again = try await Desk(again: desk, over: store)
      // Nothing has happened since: as it is.
      #expect(try await Self.read(again, id, asOf: opened) == again.read(id))
      desk.clock.advance(milliseconds: 1_000)
      try await again.sign(id, .accept)
      let accepted = try await again.read(id)
      desk.clock.advance(milliseconds: 1_000)
      try await again.sign(id, .review)
      let error = await refusal { try await Self.read(again, id, asOf: opened) }
      #expect(error.reason == "STANDING_UNKNOWN")
      let then = opened.adding(milliseconds: 1_000)
      #expect(try await Self.read(again, id, asOf: then) == accepted)
    }
  }
}
