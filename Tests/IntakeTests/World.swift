import Crypto
import DomainModel
import Logging
import Papers
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// The intake service over SQLite in memory, between peers that a test controls.
struct World {
  static let integrator = Caller(kind: .integrator, id: "zhelibanapp")
  static let auditor = Caller(kind: .auditor, id: "auditor1")
  static let approval = Caller(kind: .service, id: "approval")
  static let applicant = Caller(kind: .applicant, id: "wang", citizenID: adultNumber)

  let clock: FakeClock
  let random: SeededRandom
  let registry: FakeRegistry
  let approval: RecordingPeer
  let notification: RecordingPeer
  let logs: RecordedLogs
  let seals: TestSeals
  let store: HookedStore
  let assembly: IntakeAssembly
  let intake: IntakeV1.IntakeServiceClient
  let progress: IntakeV1.CaseProgressServiceClient

  /// A new world; or another process of the service in the same one, which may have other rules,
  /// several versions of the policy, or another store.
  init(
    again world: World? = nil, rules: RegionRules? = nil, policies: PolicyEditions? = nil,
    over other: (any Store)? = nil
  ) async throws {
    self.clock = world?.clock ?? FakeClock()
    self.random = world?.random ?? SeededRandom(seed: 7)
    self.registry = world?.registry ?? FakeRegistry()
    self.approval = world?.approval ?? RecordingPeer()
    self.notification = world?.notification ?? RecordingPeer()
    self.logs = world?.logs ?? RecordedLogs()
    self.seals = world?.seals ?? TestSeals(random: self.random)
    let logger = self.logs.logger()
    self.store =
      try other.map(HookedStore.init) ?? world?.store ?? .inMemory(time: self.clock, logger: logger)
    try await Migrator(IntakeAssembly.migrations).migrate(self.store, now: self.clock.now())
    let rules = try rules ?? PolicyData.rules.get()
    let peers = IntakeAssembly.Peers(
      registry: self.registry, approval: self.approval, notification: self.notification)
    self.assembly = try IntakeAssembly(
      CoreParts(
        store: self.store, sealer: self.seals.sealer, time: self.clock, random: self.random,
        logger: logger),
      index: self.seals.blindIndex, peers: peers,
      data: IntakeAssembly.Data(
        region: rules, policies: policies ?? PolicyEditions(only: rules.policy),
        servicePoints: PolicyData.servicePoints.get(), registrars: ["collector"]),
      press: PaperPress(whenAskedOn: InlinePool()))
    var router = RPCRouter(
      identity: TestIdentity(), access: IntakeAssembly.access, logger: logger)
    self.assembly.register(on: &router)
    let channel = try InProcessTransport(router, clock: self.clock)
    self.intake = IntakeV1.IntakeServiceClient(channel)
    self.progress = IntakeV1.CaseProgressServiceClient(channel)
  }

  /// A key nobody has used.
  func key(_ what: String = "key") -> String {
    "\(what)-\(self.random.next())-\(self.random.next())"
  }

  func options(_ caller: Caller) -> CallOptions { CallOptions(metadata: Metadata(caller: caller)) }

  /// Delivers everything that is owed.
  func deliver() async throws {
    while try await self.assembly.deliverOnce() > 0 {}
  }
}

/// The steps of an application as a platform takes them.
extension World {
  func draft(by caller: Caller = World.integrator) async throws -> IntakeV1.Application {
    try #require(
      try await self.intake.createDraft(
        .init(idempotencyKey: self.key("draft"), kind: .firstPermit, channel: .app),
        options: self.options(caller)
      ).application)
  }

  func update(
    _ application: IntakeV1.Application, _ step: IntakeV1.UpdateDraftRequest.Step,
    by caller: Caller = World.integrator
  ) async throws -> IntakeV1.Application {
    try #require(
      try await self.intake.updateDraft(
        .init(
          idempotencyKey: self.key("update"), applicationID: application.applicationID,
          expectedVersion: application.version, step: step),
        options: self.options(caller)
      ).application)
  }

  @discardableResult
  func upload(
    _ kind: ModelV1.MaterialKind, _ evidence: ModelV1.EvidenceKind = .unspecified,
    to application: IntakeV1.Application, by caller: Caller = World.integrator,
    bytes: [UInt8] = Files.jpeg
  ) async throws -> ModelV1.Material {
    let header = IntakeV1.UploadHeader(
      idempotencyKey: self.key("upload"), applicationID: application.applicationID, kind: kind,
      evidence: evidence, sizeBytes: Int64(bytes.count),
      sha256: try DigestAlgorithm.sha256.digest(bytes))
    return try await self.upload(header, [bytes], by: caller)
  }

  @discardableResult
  func upload(
    _ header: IntakeV1.UploadHeader, _ chunks: [[UInt8]], by caller: Caller = World.integrator
  ) async throws -> ModelV1.Material {
    let answer = try await self.intake.uploadMaterial(options: self.options(caller)) { writer in
      try await writer.write(.init(part: .header(header)))
      for chunk in chunks { try await writer.write(.init(part: .chunk(chunk))) }
    }
    return try #require(answer.material)
  }

  /// A draft that can be submitted; the person has been registered in Xihu district for a year.
  func readyDraft(
    _ form: ModelV1.ApplicationForm = .adult, since declaredOn: String? = "2025-03-01",
    by caller: Caller = World.integrator
  ) async throws -> IntakeV1.Application {
    if let declaredOn {
      self.registry.register(form.applicant?.citizenID ?? "", since: declaredOn)
    }
    var draft = try await self.draft(by: caller)
    draft = try await self.update(
      draft, .commitment(.init(noticeVersion: "zhejiang-2022-1", assented: true)), by: caller)
    draft = try await self.update(draft, .form(form), by: caller)
    try await self.upload(.idCard, to: draft, by: caller)
    try await self.upload(.photo, to: draft, by: caller)
    for claim in form.claims {
      for kind in claim.evidence { try await self.upload(.evidence, kind, to: draft, by: caller) }
    }
    return try await self.get(draft.applicationID, by: caller)
  }

  func submit(
    _ application: IntakeV1.Application, acknowledging: Bool = false, key: String? = nil,
    by caller: Caller = World.integrator
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    try await self.intake.submitApplication(
      .init(
        idempotencyKey: key ?? self.key("submit"), applicationID: application.applicationID,
        acknowledgeFindings: acknowledging),
      options: self.options(caller))
  }

  func submitted(_ form: ModelV1.ApplicationForm = .adult) async throws -> IntakeV1.Application {
    let draft = try await self.readyDraft(form)
    #expect(try await self.submit(draft).submitted)
    return try await self.get(draft.applicationID)
  }

  func get(
    _ id: String, by caller: Caller = World.integrator
  ) async throws -> IntakeV1.Application {
    try #require(
      try await self.intake.getApplication(
        .init(key: .applicationID(id)), options: self.options(caller)
      ).application)
  }

  /// Has the approval service tell a step of the case.
  func record(
    _ step: IntakeV1.RecordProgressRequest.Step, sequence: Int64, of id: String,
    key: String? = nil, opinions: [IntakeV1.SignedOpinion] = []
  ) async throws {
    _ = try await self.progress.recordProgress(
      .init(
        idempotencyKey: key ?? self.key("progress"), applicationID: id, sequence: sequence,
        occurredAtMs: self.clock.now().milliseconds, step: step, opinions: opinions),
      options: self.options(World.approval))
  }
}

/// Small files that look like what they are at both ends; the pictures have 358 by 441 pixels.
enum Files {
  static let jpeg = Self.jpeg(width: 358, height: 441)
  static let pdf = Array("%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n".utf8)
  static let png: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
    + [0, 0, 0x01, 0x66, 0, 0, 0x01, 0xB9]
    + Array(repeating: 0, count: 32) + [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
  /// A package with the document's root as its only file.
  static let ofd: [UInt8] =
    [0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 22) + [7, 0, 0, 0] + Array("OFD.xml".utf8)
    + [0x50, 0x4B, 1, 2] + Array(repeating: 0, count: 24) + [7, 0] + Array(repeating: 0, count: 16)
    + Array("OFD.xml".utf8) + [0x50, 0x4B, 5, 6] + Array(repeating: 0, count: 18)

  /// A JPEG of a size, as its header says.
  static func jpeg(width: Int, height: Int, fillerBytes: Int = 200) -> [UInt8] {
    let sides = [height >> 8, height & 0xFF, width >> 8, width & 0xFF].map(UInt8.init)
    return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC0, 0, 17, 8] + sides
      + Array(repeating: 7, count: fillerBytes) + [0xFF, 0xD9]
  }
}

/// The service error a call ends with; fails the test if it does not.
func refusal(_ call: () async throws -> Void) async throws -> ServiceError {
  do {
    try await call()
  } catch let error as ServiceError {
    return error
  }
  Issue.record("the call was not refused")
  return ServiceError(code: .unknown, message: "not refused")
}

extension ServiceError {
  /// The violations as `field REASON`.
  var told: Set<String> { Set(self.violations.map { "\($0.field) \($0.reason)" }) }
}
