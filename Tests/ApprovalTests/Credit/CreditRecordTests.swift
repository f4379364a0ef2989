import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// When a fraud is recorded at the platforms, and when it is not.
struct CreditRecordTests {
  private static let cancel = RegistryV1.CertificateRegistryServiceMethods.cancelPermit

  @Test(arguments: TestEngine.all)
  func `a fraud is recorded when its permit is cancelled, not before, once at each platform`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      desk.registry.refuse(Self.cancel, with: ServiceError(.storeUnavailable))
      clock.set(nineOClock("2026-03-12"))
      let id = try await desk.found(try await desk.issued())
      try await desk.deliver()
      #expect(try await desk.inspection(id).state == .fraudFound)
      #expect(try await desk.inspection(id).credit == nil)
      #expect(desk.platforms.flatMap(\.requests).isEmpty)
      desk.registry.refuse(Self.cancel, with: nil)
      clock.advance(milliseconds: 3_600_000)
      try await desk.deliver()
      let found = CreditV1.FraudFinding(
        name: "𬎆·王", citizenID: "11010519491231002X",
        certificateIdentifier: FakeRegistry.identifier,
        decisionNumber: Desk.fraud.decisionNumber, fineYuan: 200, decidedOn: "2026-03-12",
        officeCode: Police.bureau, officeName: "杭州市公安局西湖区分局", keptUntilOn: "2031-03-12")
      let entry = CreditV1.CreditEntry(
        entryID: id, version: 1, state: .recorded, changedAtMs: clock.now().milliseconds,
        finding: found)
      #expect(desk.kept(id) == [entry, entry])
      #expect(desk.platforms.map { $0.requests.map(\.platform) } == [["population"], ["zhejiang"]])
      let credit = try #require(try await desk.inspection(id).credit)
      #expect(credit.state == .recorded && credit.version == 1 && credit.fineYuan == 200)
      #expect(credit.penalty == .fine && credit.decisionNumber == Desk.fraud.decisionNumber)
      #expect(credit.keptUntilOn == "2031-03-12" && credit.disputed == nil)
      #expect(credit.deliveries.map(\.platform) == ["population", "zhejiang"])
      #expect(credit.deliveries.allSatisfy { $0.versionTaken == 1 && $0.takenAtMs > 0 })
    }
  }

  @Test func `on suspicion, and where nothing is found, nothing is recorded`() async throws {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    try await desk.hear(id)
    try await desk.conclude(id, by: Desk.proposer)
    try await desk.deliver()
    // The second officer sees it otherwise, and both say so then.
    try await desk.conclude(id, Desk.nothing, by: Desk.decider)
    try await desk.conclude(id, Desk.nothing, by: Desk.proposer)
    try await desk.conclude(id, Desk.nothing, by: Desk.decider)
    try await desk.deliver()
    #expect(try await desk.assembly.catchUpCredits() == 0)
    #expect(try await desk.inspection(id).state == .cleared)
    #expect(try await desk.inspection(id).credit == nil)
    #expect(desk.platforms.flatMap(\.requests).isEmpty)
  }

  @Test func `under a court's order nothing is recorded until the decision is given again`()
    async throws
  {
    let desk = try await Desk()
    desk.registry.refuse(Self.cancel, with: ServiceError(.permitHeld))
    let id = try await desk.recorded()
    #expect(try await desk.inspection(id).state == .cancellationRefused)
    #expect(desk.platforms.flatMap(\.requests).isEmpty)
    desk.registry.refuse(Self.cancel, with: nil)
    desk.clock.set(nineOClock("2026-06-01"))
    try await desk.conclude(id, by: Desk.decider)
    try await desk.deliver()
    #expect(desk.kept(id).map { $0?.finding?.decidedOn } == ["2026-06-01", "2026-06-01"])
    #expect(try await desk.inspection(id).credit?.keptUntilOn == "2031-06-01")
  }

  @Test func `a permit that had ended is recorded as well, and one permit's fraud only once`()
    async throws
  {
    let desk = try await Desk()
    desk.registry.refuse(Self.cancel, with: ServiceError(.permitWrongState))
    let id = try await desk.recorded()
    #expect(try await desk.inspection(id).state == .overtaken)
    #expect(desk.kept(id).map { $0?.version } == [1, 1])
    // The same permit, as another case has left it.
    let other = try await desk.open("application-2")
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(other, stage) }
    try await desk.deliver()
    let second = try await desk.found(other)
    try await desk.deliver()
    #expect(try await desk.inspection(second).state == .overtaken)
    #expect(try await desk.inspection(second).credit == nil)
    #expect(desk.platforms.map(\.requests.count) == [1, 1])
  }

  @Test func `of somebody whom the registry has erased nothing is recorded`() async throws {
    let desk = try await Desk()
    desk.registry.refuse(Self.cancel, with: ServiceError(.recordErased))
    let id = try await desk.recorded()
    #expect(try await desk.inspection(id).state == .overtaken)
    #expect(try await desk.inspection(id).credit == nil)
    #expect(desk.platforms.flatMap(\.requests).isEmpty)
  }

  @Test(arguments: TestEngine.all)
  func `fraud without a penalty is recorded as that`(_ engine: TestEngine) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      var spared = Desk.fraud
      (spared.penalty, spared.fineYuan) = (.notImposed, 0)
      let id = try await desk.inspect(try await desk.issued()).inspectionID
      try await desk.hear(id)
      try await desk.conclude(id, spared, by: Desk.proposer)
      try await desk.conclude(id, spared, by: Desk.decider)
      try await desk.deliver()
      let inspection = try await desk.inspection(id)
      #expect(inspection.conclusion == spared && inspection.credit?.penalty == .notImposed)
      for entry in desk.kept(id) {
        #expect(entry?.finding?.penaltyNotImposed == true && entry?.finding?.fineYuan == 0)
      }
      try await desk.correct(id)
      try await desk.deliver()
      for entry in desk.kept(id) { #expect(entry?.finding?.penaltyNotImposed == false) }
      #expect(try await desk.inspection(id).credit?.penalty == .warning)
    }
  }

  @Test(arguments: [("110105200803110027", true), ("110105200803120022", false)])
  func `of whoever is not 18 on the day of the decision nothing is recorded`(
    _ number: String, _ isRecorded: Bool
  ) async throws {
    let desk = try await Desk()
    desk.clock.set(nineOClock("2026-03-11"))
    let id = try await desk.found(try await desk.issued(to: number))
    try await desk.deliver()
    _ = try await desk.assembly.catchUpCredits()
    #expect(try await desk.inspection(id).state == .cancelled)
    #expect((try await desk.inspection(id).credit != nil) == isRecorded)
    #expect(desk.platforms.map(\.requests.count) == (isRecorded ? [1, 1] : [0, 0]))
  }

  @Test func `what is sent again changes nothing, and who is away holds up nobody`() async throws {
    let desk = try await Desk()
    desk.platforms[0].losesAnswers(true)
    desk.platforms[1].refuse(with: ServiceError(.storeUnavailable))
    let id = try await desk.recorded()
    var seen = try await desk.inspection(id).credit?.deliveries.map(\.versionTaken)
    #expect(seen == [0, 0] && desk.kept(id).map { $0?.version } == [1, nil])
    desk.clock.advance(milliseconds: 3_600_000)
    desk.platforms[0].losesAnswers(false)
    try await desk.deliver()
    #expect(desk.platforms[0].requests.count > 1 && desk.platforms[0].changesCount == 1)
    #expect(Set(desk.platforms[0].requests.map(\.idempotencyKey)).count == 1)
    seen = try await desk.inspection(id).credit?.deliveries.map(\.versionTaken)
    #expect(seen == [1, 0])
    desk.clock.advance(milliseconds: 3_600_000)
    desk.platforms[1].refuse(with: nil)
    try await desk.deliver()
    #expect(try await desk.inspection(id).credit?.deliveries.map(\.versionTaken) == [1, 1])
    #expect(desk.platforms.map(\.changesCount) == [1, 1])
  }

  @Test func `what a platform refuses for good waits for a person`() async throws {
    let desk = try await Desk()
    desk.platforms[0].refuse(with: ServiceError(.requestInvalid))
    let id = try await desk.recorded()
    #expect(desk.kept(id).map { $0?.version } == [nil, 1])
    let outbox = Outbox(sealer: TestSeals(random: desk.random).sealer)
    let parked = try await desk.store.read { try outbox.parked($0) }
    #expect(parked.map(\.destination) == ["platform:population"])
  }

  @Test(arguments: TestEngine.all)
  func `a platform that is new in the settings is told what there is, once`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let alone = try await Desk(over: store, clock: clock, platforms: [])
      let id = try await alone.recorded()
      #expect(try await alone.inspection(id).credit?.state == .recorded)
      #expect(try await alone.inspection(id).credit?.deliveries == [])
      let late = FakePlatform("zhejiang")
      let desk = try await Desk(again: alone, over: store, platforms: [late])
      #expect(try await desk.assembly.catchUpCredits() == 1)
      #expect(try await desk.assembly.catchUpCredits() == 0)
      try await desk.deliver()
      #expect(late.entries[id]?.finding?.fineYuan == 200)
      #expect(try await desk.assembly.catchUpCredits() == 0)
      #expect(late.requests.count == 1)
      // Of what is gone in law nobody new is told, though no timer has run.
      clock.set(nineOClock("2031-03-11"))
      let last = try await Desk(again: desk, over: store, platforms: [late, FakePlatform("last")])
      #expect(try await last.assembly.catchUpCredits() == 0)
    }
  }
}
