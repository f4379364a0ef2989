import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Asking how an application stood.
struct AsOfTests {
  private struct Moment {
    var at: Timestamp
    var answer: IntakeV1.Application
  }

  /// An application that goes its way by chance, one step after the other.
  private struct Walk {
    let world: World
    let draft: IntakeV1.Application
    let random: SeededRandom
    let form: ModelV1.ApplicationForm
    var moments: [Moment] = []
    /// How many steps of the case were told.
    private var told: Int64 = 0
    /// The case has to tell what a supplement does to its clocks.
    private var owesResumption = false

    init(_ world: World, seed: UInt64) async throws {
      self.world = world
      self.random = SeededRandom(seed: seed)
      let person = citizenNumber(born: "1985-01-01", sequence: 101 + 2 * Int(seed))
      self.form = ModelV1.ApplicationForm.adult.of(person)
      world.registry.register(person, since: "2025-03-01")
      world.clock.advance(milliseconds: 1_000)
      self.draft = try await world.draft()
      try await self.note()
    }

    var latest: IntakeV1.Application { self.moments[self.moments.count - 1].answer }
    var isFinal: Bool {
      [.notAccepted, .refused, .completed].contains(self.latest.state)
    }

    private mutating func note() async throws {
      let answer = try await self.world.get(self.draft.applicationID)
      self.moments.append(Moment(at: self.world.clock.now(), answer: answer))
    }

    private func draw(_ count: UInt64) -> UInt64 { self.random.next() % count }

    /// One step that changes the application.
    mutating func step() async throws {
      self.world.clock.advance(milliseconds: 1 + Int64(self.draw(3_600_000)))
      let draft = self.latest
      switch draft.state {
      case .draft: try await self.fill(draft)
      case .supplementNeeded:
        try await self.world.upload(self.draw(2) == 0 ? .photo : .idCard, to: draft)
        _ = try await SupplementApplicationTests.supplement(self.world, draft.applicationID)
        self.owesResumption = true
      default: try await self.tell(draft)
      }
      try await self.note()
    }

    /// What a draft lacks, or something of it anew, or its submission.
    private func fill(_ draft: IntakeV1.Application) async throws {
      if draft.commitment == nil {
        let commitment = IntakeV1.Commitment(noticeVersion: "zhejiang-2022-1", assented: true)
        _ = try await self.world.update(draft, .commitment(commitment))
      } else if draft.form == nil || self.draw(4) == 0 {
        var form = self.form
        form.residence?.detail = "保俶路\(self.world.clock.now().milliseconds)号"
        _ = try await self.world.update(draft, .form(form))
      } else if draft.materials.count < 3 || self.draw(4) == 0 {
        let kinds: [(ModelV1.MaterialKind, ModelV1.EvidenceKind)] = [
          (.evidence, self.form.claims[0].evidence[0]), (.photo, .unspecified),
          (.idCard, .unspecified),
        ]
        let (kind, evidence) = kinds[min(draft.materials.count, Int(self.draw(3)) + 1) % 3]
        let missing = kinds.first { kind in !draft.materials.contains { $0.kind == kind.0 } }
        try await self.world.upload(missing?.0 ?? kind, missing?.1 ?? evidence, to: draft)
      } else {
        #expect(try await self.world.submit(draft).submitted)
      }
    }

    /// What the case has to tell next.
    private mutating func tell(_ application: IntakeV1.Application) async throws {
      self.told += 1
      try await self.world.record(
        self.nextStep(application), sequence: self.told, of: application.applicationID)
    }

    private mutating func nextStep(
      _ application: IntakeV1.Application
    ) -> IntakeV1.RecordProgressRequest.Step {
      let isAccepted = application.acceptance != nil
      if self.owesResumption {
        self.owesResumption = false
        return .resumed(
          isAccepted ? RecordProgressTests.termsResumed : RecordProgressTests.guardResumed)
      }
      let notice = IntakeV1.SupplementNotice(
        notifiedAtMs: self.world.clock.now().milliseconds, reasons: RecordProgressTests.reasons,
        round: Int32(application.notices.count + 1))
      let refusal = IntakeV1.Refusal(
        decidedAtMs: self.world.clock.now().milliseconds, reasons: RecordProgressTests.reasons,
        reconsiderationAuthority: "杭州市人民政府", court: "杭州铁路运输法院")
      switch (isAccepted, self.draw(4)) {
      case (false, 0...1): return .accepted(RecordProgressTests.acceptance)
      case (false, 2), (true, 0): return .supplementNeeded(notice)
      case (false, _): return .notAccepted(refusal)
      case (true, 1): return .refused(refusal)
      case (true, _): return .completed(RecordProgressTests.completion)
      }
    }
  }

  private static func read(
    _ world: World, _ id: String, asOf instant: Timestamp, by caller: Caller = World.integrator
  ) async throws -> IntakeV1.Application? {
    let request = IntakeV1.GetApplicationRequest(
      key: .applicationID(id), asOfMs: instant.milliseconds)
    return try await world.intake.getApplication(request, options: world.options(caller))
      .application
  }

  @Test(arguments: TestEngine.all)
  func `whatever happens to an application, each earlier answer is given again`(
    _ engine: TestEngine
  ) async throws {
    let first = try await World()
    var ends: Set<IntakeV1.ApplicationState> = []
    var formsGone = 0
    try await engine.withStore(first.clock) { store in
      let world = try await World(again: first, over: store)
      for seed in UInt64(1)...20 {
        var walk = try await Walk(world, seed: seed)
        for _ in 0..<40 where !walk.isFinal { try await walk.step() }
        ends.insert(walk.latest.state)
        world.clock.advance(milliseconds: 1)
        for (index, moment) in walk.moments.enumerated() {
          let next = walk.moments.dropFirst(index + 1).first?.at ?? world.clock.now()
          var expected = moment.answer
          // What a draft's form said before it was written again is not kept.
          if expected.form != walk.latest.form, expected.form != nil {
            expected.form = nil
            formsGone += 1
          }
          for instant in [moment.at, next.adding(milliseconds: -1)] {
            let found = try await Self.read(world, walk.draft.applicationID, asOf: instant)
            #expect(found == expected, "seed \(seed), step \(index)")
          }
        }
        let early = walk.moments[0].at.adding(milliseconds: -1)
        let error = try await refusal {
          _ = try await Self.read(world, walk.draft.applicationID, asOf: early)
        }
        #expect(error.code == .notFound)
        #expect(error.reason == "NOT_THERE_YET")
      }
    }
    #expect(ends == [.notAccepted, .refused, .completed])
    #expect(formsGone > 0)
  }

  @Test func `an instant that has not come is told, and the past is no way around access`()
    async throws
  {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let now = world.clock.now()
    let future = try await refusal {
      _ = try await Self.read(world, id, asOf: now.adding(milliseconds: 1))
    }
    #expect(future.told == ["as_of_ms DATE_IN_FUTURE"])
    let stranger = try await refusal {
      let caller = Caller(kind: .integrator, id: "anotherapp")
      _ = try await Self.read(world, id, asOf: now, by: caller)
    }
    #expect(stranger.reason == "APPLICATION_NOT_FOUND")
  }

  @Test func `an expired draft leaves nothing of how it stood`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    world.clock.advance(milliseconds: 31 * 86_400_000)
    let store = IntakeStore(
      world.store, sealer: world.seals.sealer, index: world.seals.blindIndex,
      formats: .init(readForm: { _ in throw ServiceError(.formDefective) }, record: { _ in [] }),
      officesBelow: { [$0] })
    let now = world.clock.now()
    #expect(try await store.expireDrafts(untouchedSince: now, at: now) == 1)
    let (entries, records) = try await world.store.read { snapshot in
      (
        try snapshot.rows("SELECT action FROM history").map { try $0.text("action") },
        try snapshot.rows("SELECT record FROM history WHERE record IS NOT NULL").count
      )
    }
    #expect(entries.contains("draft_expired") && entries.contains("form_written"))
    #expect(records == 0)
    let gone = try await refusal {
      _ = try await Self.read(world, draft.applicationID, asOf: now)
    }
    #expect(gone.reason == "APPLICATION_NOT_FOUND")
  }
}
