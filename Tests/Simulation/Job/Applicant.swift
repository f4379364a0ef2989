import Crypto
import DomainModel
import RPC
import Wire

/// One person at a platform: registers, applies, and supplements what is missing.
struct Applicant: Sendable {
  /// How long people take between two steps, in milliseconds.
  static let pauseMs = 0...2_500
  /// After how long no copy of an answered call is under way any more, in milliseconds.
  static let copiesGoneMs: Int64 = 30_000

  /// A picture as far as its header goes, each another one: a person's bytes are stored once.
  private static func picture(_ text: String) -> [UInt8] {
    [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0x01, 0xB9, 0x01, 0x66, 3]
      + Array(repeating: 7, count: 200) + Array(text.utf8) + [0xFF, 0xD9]
  }

  let platform: Client
  let person: Person

  private var chance: Chance { self.platform.chance }

  private func rest() async throws {
    try await self.platform.world.sleep(self.chance.wait(Self.pauseMs))
  }

  /// The declaration of the residence, over half a year ago.
  func register() async throws {
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: self.platform.key("registration"), person: self.person.identity,
      address: Person.residence, declaredOn: "2025-03-01", officeCode: Officers.station)
    try await self.rest()
    _ = try await self.platform.change {
      try await self.platform.registry.recordRegistration(request, options: self.platform.options)
    }
  }

  /// Applies, once.
  func apply() async throws -> Acknowledged {
    let draft = try await self.draft()
    guard let number = try await self.submit(draft) else {
      throw ServiceError(code: .internal, message: "\(draft) is refused, but nothing is open.")
    }
    return Acknowledged(person: self.person, applicationID: draft, applicationNumber: number)
  }

  /// Applies on two devices at once: one of the two applications is taken.
  func applyTwice() async throws -> Acknowledged {
    let submitted = try await withThrowingTaskGroup(of: (String, String?).self) { group in
      for _ in 0..<2 {
        group.addTask {
          let draft = try await self.draft()
          return (draft, try await self.submit(draft))
        }
      }
      return try await group.reduce(into: [(String, String?)]()) { $0.append($1) }
    }
    // A copy of the refused submission that came once the other application has ended would be
    // taken, and rightly so.
    try await self.platform.world.sleep(Self.copiesGoneMs)
    let taken = submitted.compactMap { draft, number in number.map { (draft, $0) } }
    guard taken.count == 1, let (draft, number) = taken.first else {
      let count = taken.count
      self.platform.world.violated("\(count) of two applications of one person were taken")
      throw CancellationError()
    }
    var acknowledged = Acknowledged(
      person: self.person, applicationID: draft, applicationNumber: number)
    self.platform.world.tell(.doubleApplications)
    acknowledged.rivalDraftID = submitted.first { $0.1 == nil }?.0
    return acknowledged
  }

  /// Brings what a once-only notice asks for, as soon as the platform shows the notice.
  func supplement(_ application: String) async throws {
    _ = try await self.application(application) { $0.state == .supplementNeeded }
    try await self.upload(.photo, .unspecified, to: application)
    let request = IntakeV1.SupplementApplicationRequest(
      idempotencyKey: self.platform.key("supplement"), applicationID: application)
    try await self.rest()
    _ = try await self.platform.change {
      try await self.platform.intake.supplementApplication(
        request, options: self.platform.options)
    }
    self.platform.world.tell(.supplements)
  }

  /// The application, once it is as it was waited for.
  func application(
    _ id: String, where isIt: (IntakeV1.Application) -> Bool
  ) async throws -> IntakeV1.Application {
    try await self.platform.poll {
      let found = try await self.platform.intake.getApplication(
        .init(key: .applicationID(id)), options: self.platform.options
      ).application
      return found.flatMap { isIt($0) ? $0 : nil }
    }
  }

  /// A draft with everything in it.
  private func draft() async throws -> String {
    let platform = self.platform
    let create = IntakeV1.CreateDraftRequest(
      idempotencyKey: platform.key("draft"), kind: .firstPermit, channel: .app)
    try await self.rest()
    var application = try await platform.change {
      try await platform.intake.createDraft(create, options: platform.options)
    }.application
    let id = application?.applicationID ?? ""
    for step: IntakeV1.UpdateDraftRequest.Step in [
      .commitment(.init(noticeVersion: "zhejiang-2022-1", assented: true)),
      .form(self.person.form),
    ] {
      let update = IntakeV1.UpdateDraftRequest(
        idempotencyKey: platform.key("update"), applicationID: id,
        expectedVersion: application?.version ?? 0, step: step)
      try await self.rest()
      application = try await platform.change {
        try await platform.intake.updateDraft(update, options: platform.options)
      }.application
    }
    for (kind, evidence) in Person.materials { try await self.upload(kind, evidence, to: id) }
    return id
  }

  private func upload(
    _ kind: ModelV1.MaterialKind, _ evidence: ModelV1.EvidenceKind, to application: String
  ) async throws {
    let platform = self.platform
    let key = platform.key("upload")
    let picture = Self.picture(key)
    let header = IntakeV1.UploadHeader(
      idempotencyKey: key, applicationID: application, kind: kind, evidence: evidence,
      sizeBytes: Int64(picture.count), sha256: try DigestAlgorithm.sha256.digest(picture))
    try await self.rest()
    _ = try await platform.change {
      try await platform.intake.uploadMaterial(options: platform.options) { writer in
        try await writer.write(.init(part: .header(header)))
        try await writer.write(.init(part: .chunk(picture)))
      }
    }
  }

  /// The application's number; nil where the person has another application in progress. What
  /// fails of the rules is acknowledged: an officer shall decide.
  private func submit(_ draft: String) async throws -> String? {
    let platform = self.platform
    let request = IntakeV1.SubmitApplicationRequest(
      idempotencyKey: platform.key("submit"), applicationID: draft, acknowledgeFindings: true)
    try await self.rest()
    do {
      let answer = try await platform.change {
        try await platform.intake.submitApplication(request, options: platform.options)
      }
      guard let receipt = answer.receipt else {
        throw ServiceError(code: .internal, message: "\(draft) has no receipt.")
      }
      return receipt.applicationNumber
    } catch let error as ServiceError
      where error.reason == ErrorReason.applicationAlreadyOpen.rawValue
    {
      return nil
    }
  }
}
