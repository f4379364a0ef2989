import Crypto
import DomainModel
import RPC
import Wire

/// The main job once: one person's first permit, from registration and form over three officers to
/// the permit.
struct Walk: Sendable {
  /// How long its people take between two steps, in milliseconds.
  static let pauseMs = 0...8_000

  private static let station = "330106500000"
  private static let bureau = "330106000000"
  private static let photo: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 7, count: 200) + [0xFF, 0xD9]

  /// What was acknowledged on the way, for the inquiry afterwards.
  struct Acknowledged: Sendable {
    let person: Person
    var applicationID = ""
    var applicationNumber = ""
    var caseID = ""
    var certificate = ""
  }

  let world: SimulatedWorld
  let number: Int
  let chance: Chance

  init(_ number: Int, in world: SimulatedWorld) {
    self.world = world
    self.number = number
    self.chance = Chance(seed: world.seed, of: "walk \(number)")
  }

  private func client(_ caller: Caller) -> Client {
    Client(world: self.world, caller: caller, chance: self.chance)
  }

  private var platform: Client { self.client(Caller(kind: .integrator, id: "zhelibanapp")) }

  private func officer(_ role: String, _ id: String, _ office: String) -> Client {
    self.client(Caller(kind: .officer, id: id, office: office, role: role))
  }

  /// Walks; throws what no repeat mends.
  func run() async throws -> Acknowledged {
    var acknowledged = Acknowledged(person: Person(self.number))
    try await self.register(acknowledged.person)
    acknowledged.applicationID = try await self.draft(acknowledged.person)
    for slot: (ModelV1.MaterialKind, ModelV1.EvidenceKind) in [
      (.idCard, .unspecified), (.photo, .unspecified), (.evidence, .labourContract),
    ] {
      try await self.upload(slot.0, slot.1, to: acknowledged.applicationID)
    }
    acknowledged.applicationNumber = try await self.submit(acknowledged.applicationID)
    for (stage, officer) in [
      (ApprovalV1.Stage.accept, self.officer("accept", "police1", Self.station)),
      (.review, self.officer("review", "police2", Self.station)),
      (.approve, self.officer("approve", "police3", Self.bureau)),
    ] {
      acknowledged.caseID = try await self.sign(stage, as: officer, acknowledged.applicationID)
    }
    acknowledged.certificate = try await self.completion(of: acknowledged.applicationID)
    return acknowledged
  }

  private func rest() async throws {
    try await self.world.sleep(self.chance.wait(Self.pauseMs))
  }

  private func register(_ person: Person) async throws {
    let platform = self.platform
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: platform.key("registration"), person: person.identity,
      address: Person.residence, declaredOn: "2025-03-01", officeCode: Self.station)
    try await self.rest()
    _ = try await platform.call {
      try await platform.registry.recordRegistration(request, options: platform.options)
    }
  }

  private func draft(_ person: Person) async throws -> String {
    let platform = self.platform
    let create = IntakeV1.CreateDraftRequest(
      idempotencyKey: platform.key("draft"), kind: .firstPermit, channel: .app)
    try await self.rest()
    var application = try await platform.call {
      try await platform.intake.createDraft(create, options: platform.options).application
    }
    for step: IntakeV1.UpdateDraftRequest.Step in [
      .commitment(.init(noticeVersion: "zhejiang-2022-1", assented: true)), .form(person.form),
    ] {
      let update = IntakeV1.UpdateDraftRequest(
        idempotencyKey: platform.key("update"), applicationID: application?.applicationID ?? "",
        expectedVersion: application?.version ?? 0, step: step)
      try await self.rest()
      application = try await platform.call {
        try await platform.intake.updateDraft(update, options: platform.options).application
      }
    }
    return application?.applicationID ?? ""
  }

  private func upload(
    _ kind: ModelV1.MaterialKind, _ evidence: ModelV1.EvidenceKind, to application: String
  ) async throws {
    let platform = self.platform
    let header = IntakeV1.UploadHeader(
      idempotencyKey: platform.key("upload"), applicationID: application, kind: kind,
      evidence: evidence, sizeBytes: Int64(Self.photo.count),
      sha256: try DigestAlgorithm.sha256.digest(Self.photo))
    try await self.rest()
    _ = try await platform.call {
      try await platform.intake.uploadMaterial(options: platform.options) { writer in
        try await writer.write(.init(part: .header(header)))
        try await writer.write(.init(part: .chunk(Self.photo)))
      }
    }
  }

  private func submit(_ application: String) async throws -> String {
    let platform = self.platform
    let request = IntakeV1.SubmitApplicationRequest(
      idempotencyKey: platform.key("submit"), applicationID: application)
    try await self.rest()
    let answer = try await platform.call {
      try await platform.intake.submitApplication(request, options: platform.options)
    }
    guard answer.submitted, let receipt = answer.receipt else {
      throw ServiceError(code: .internal, message: "Not submitted: \(answer.findings)")
    }
    return receipt.applicationNumber
  }

  /// Signs as the officer of a stage, once the case is there; returns the case.
  private func sign(
    _ stage: ApprovalV1.Stage, as officer: Client, _ application: String
  ) async throws -> String {
    try await self.rest()
    let found = try await officer.poll {
      do {
        return try await officer.approval.getCase(
          .init(key: .applicationID(application)), options: officer.options
        ).case
      } catch let error as ServiceError where error.code == .notFound {
        return nil
      }
    }
    let request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: officer.key("opinion"), caseID: found.caseID,
      expectedVersion: found.version, stage: stage, decision: .pass)
    _ = try await officer.call {
      try await officer.approval.recordOpinion(request, options: officer.options)
    }
    return found.caseID
  }

  /// The certificate's identifier, once the applicant's platform can see it.
  private func completion(of application: String) async throws -> String {
    let platform = self.platform
    return try await platform.poll {
      let answer = try await platform.intake.getApplication(
        .init(key: .applicationID(application)), options: platform.options)
      guard answer.application?.state == .completed else { return nil }
      return answer.application?.completion?.certificateIdentifier
    }
  }
}
