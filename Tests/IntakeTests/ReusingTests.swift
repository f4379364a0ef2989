import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// What an earlier application of the same person holds need not be uploaded again.
struct ReusingTests {
  private static let dayMs: Int64 = 86_400_000
  private static let another = Caller(kind: .integrator, id: "anotherapp")

  /// The adult's form, with a lease beside the contract.
  private static var housed: ModelV1.ApplicationForm {
    var form = ModelV1.ApplicationForm.adult
    form.claims.append(.init(condition: .dwelling, evidence: [.leaseContract]))
    return form
  }

  /// A submitted application with a photo and a card of their own, and a new draft of its person.
  private static func worlds(
    over store: (any Store)? = nil, by caller: Caller = World.integrator
  ) async throws -> (World, IntakeV1.Application, IntakeV1.Application) {
    let world = try await World(over: store)
    let ready = try await world.readyDraft(Self.housed, by: caller)
    try await world.upload(.photo, to: ready, by: caller, bytes: Files.png)
    #expect(try await world.submit(ready, by: caller).submitted)
    let earlier = try await world.get(ready.applicationID, by: caller)
    var draft = try await world.draft(by: caller)
    draft = try await world.update(draft, .form(.adult), by: caller)
    return (world, earlier, draft)
  }

  private static func reusable(
    _ world: World, _ draft: IntakeV1.Application, by caller: Caller = World.integrator
  ) async throws -> [IntakeV1.ReusableMaterial] {
    try await world.intake.getApplication(
      .init(key: .applicationID(draft.applicationID)), options: world.options(caller)
    ).reusable
  }

  /// What takes a reusable material over: its header alone.
  private static func header(
    _ world: World, _ material: ModelV1.Material, to draft: IntakeV1.Application
  ) -> IntakeV1.UploadHeader {
    IntakeV1.UploadHeader(
      idempotencyKey: world.key(), applicationID: draft.applicationID, kind: material.kind,
      evidence: material.evidence, sizeBytes: material.sizeBytes, sha256: material.sha256)
  }

  @Test(arguments: TestEngine.all)
  func `photo, card and dwelling proof are offered, and taken over without a byte`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let (world, earlier, draft) = try await Self.worlds(over: store)
      let offers = try await Self.reusable(world, draft)
      #expect(offers.compactMap(\.material?.kind) == [.idCard, .photo, .evidence])
      #expect(offers.last?.material?.evidence == .leaseContract)
      #expect(offers.allSatisfy { $0.applicationID == earlier.applicationID })
      #expect(offers.allSatisfy { $0.applicationNumber == earlier.receipt?.applicationNumber })
      let before = try await world.kept()
      for offer in offers {
        let material = try #require(offer.material)
        let answer = try await world.stream(Self.header(world, material, to: draft))
        let taken = try #require(answer.material)
        #expect(taken.sha256 == material.sha256 && taken.materialID != material.materialID)
        let read = try await world.download(taken.materialID, of: draft.applicationID)
        #expect(read.chunks.flatMap(\.self).count == Int(material.sizeBytes))
      }
      #expect(try await world.kept() == before)
      #expect(try await Self.reusable(world, draft).isEmpty)
    }
  }

  @Test func `an old photo is not offered nor taken over, however often it was`() async throws {
    let (world, _, draft) = try await Self.worlds()
    let months = try PolicyData.rules.get().policy.materials.photoAgeMonthsMax
    let until = CivilDate(of: world.clock.now()).adding(months: months)
    let photo = try #require(
      try await Self.reusable(world, draft).first { $0.material?.kind == .photo })
    #expect(photo.untilOn == until.iso)
    let material = try #require(photo.material)
    // A year later it stands in the draft; it is not younger for it.
    world.clock.advance(milliseconds: 365 * Self.dayMs)
    _ = try await world.stream(Self.header(world, material, to: draft))
    let late = until.endOfDay.milliseconds - world.clock.now().milliseconds
    world.clock.advance(milliseconds: late - 1)
    let last = try await world.update(world.draft(), .form(.adult))
    #expect(try await Self.reusable(world, last).map(\.untilOn) == [until.iso])
    world.clock.advance(milliseconds: 1)
    #expect(try await Self.reusable(world, last).isEmpty)
    let asked = try await world.stream(Self.header(world, material, to: last))
    #expect(asked.material == nil && asked.receivedBytes == 0)
  }

  @Test func `a hash grants nothing to anybody else, nor a number in a form`() async throws {
    let (world, earlier, _) = try await Self.worlds()
    var foreign = try await world.draft(by: Self.another)
    foreign = try await world.update(foreign, .form(.adult), by: Self.another)
    #expect(try await Self.reusable(world, foreign, by: Self.another).isEmpty)
    for material in earlier.materials {
      let asked = try await world.stream(
        Self.header(world, material, to: foreign), by: Self.another)
      #expect(asked.material == nil && asked.receivedBytes == 0)
    }
    // Nor to another person at the same platform.
    var other = try await world.draft()
    other = try await world.update(other, .form(.adult.of(citizenNumber(born: "1985-01-01"))))
    #expect(try await Self.reusable(world, other).isEmpty)
    let asked = try await world.stream(Self.header(world, earlier.materials[0], to: other))
    #expect(asked.material == nil)
  }

  @Test func `an applicant hears it when the draft begins, before there is a form`() async throws {
    let (world, _, _) = try await Self.worlds()
    let request = IntakeV1.CreateDraftRequest(
      idempotencyKey: world.key(), kind: .firstPermit, channel: .app)
    let options = world.options(World.applicant)
    let created = try await world.intake.createDraft(request, options: options)
    #expect(
      created.reusable.compactMap(\.material?.kind) == [.idCard, .photo, .evidence])
    #expect(try await world.intake.createDraft(request, options: options) == created)
    let kept = try await world.store.read { snapshot in
      try snapshot.row("SELECT length(answer) AS bytes FROM inbox ORDER BY at DESC LIMIT 1")?
        .int("bytes") ?? 0
    }
    #expect(kept < 300, "an answer that is kept holds nothing of the offers")
  }

  @Test func `what was refused is not offered`() async throws {
    let (world, earlier, draft) = try await Self.worlds()
    try await world.store.write { transaction in
      try transaction.execute(
        "UPDATE application SET state = 'refused' WHERE application_id = \(earlier.applicationID)")
    }
    #expect(try await Self.reusable(world, draft).isEmpty)
  }

  @Test func `shared bytes stay until the last material that needs them goes`() async throws {
    let world = try await World()
    let first = try await world.update(world.draft(), .form(.adult))
    let second = try await world.update(world.draft(), .form(.adult))
    let one = try await world.upload(.idCard, to: first)
    let two = try await world.upload(.idCard, to: second)
    #expect(one.materialID != two.materialID)
    #expect(try await world.kept() == [0, 1])
    try await world.upload(.idCard, to: first, bytes: Files.png)
    #expect(try await world.kept() == [0, 2])
    let read = try await world.download(two.materialID, of: second.applicationID)
    #expect(read.chunks == [Files.jpeg])
    try await world.upload(.idCard, to: second, bytes: Files.png)
    #expect(try await world.kept() == [0, 1])
  }

  @Test func `held bytes are judged by the place they are to stand in`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let wide = Files.jpeg(width: 900, height: 500)
    try await world.upload(.idCard, to: draft, bytes: wide)
    let error = try await refusal {
      _ = try await world.stream(world.header(wide, .photo, to: draft))
    }
    #expect(error.told == ["photo.ratio PHOTO_RATIO_WRONG"])
    try await world.upload(.idCard, to: draft, bytes: Files.pdf)
    let type = try await refusal {
      _ = try await world.stream(world.header(Files.pdf, .photo, to: draft))
    }
    #expect(type.told == ["chunk MATERIAL_TYPE_NOT_ALLOWED"])
  }
}
