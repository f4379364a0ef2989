import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Takes one material: a header, then chunks. What is wrong with it is told completely, as far as
  /// it can be known, and nothing is stored then. A stream that stops half-way leaves nothing.
  func uploadMaterial(
    _ requests: RequestStream<IntakeV1.UploadMaterialRequest>, _ context: CallContext
  ) async throws -> IntakeV1.UploadMaterialResponse {
    let header = try await Self.header(of: requests)
    let call = try self.once.call(header, key: header.idempotencyKey, context)
    // Looked for first as well: what was stored already need not be received.
    if let first: IntakeV1.UploadMaterialResponse = try await self.once.firstAnswer(to: call) {
      return first
    }
    return try await self.once.answer(call) { call in
      let caller = try context.requireCaller()
      let announced = try AnnouncedMaterial(header)
      // Refused before the bytes are read, and again when they are stored.
      let id = ID<Application>(header.applicationID)
      let application = try await self.store.find(.id(id), within: Reach(of: context))
      try application.require([.draft, .supplementNeeded])
      try self.check(announced.slot.kind, isTakenFor: application)
      try self.uploads.take(for: caller)
      defer { self.uploads.giveBack(by: caller) }
      let received = try await self.time.limited(to: UploadLimits.receivingMsMax) {
        try await self.receive(announced, from: requests)
      }
      return try await self.store(received, announced, in: id, call, context)
    }
  }

  /// A material that the application's kind never asks for is not kept: nobody would look at it.
  private func check(_ material: MaterialKind, isTakenFor application: Application) throws {
    let own = try? self.policies.version(application.policyVersion)
    let today = CivilDate(of: self.time.now())
    let policy =
      try application.state == .draft ? self.policy(on: today) : own ?? self.policies.latest
    if try policy.offered(application.kind).takes(material) { return }
    throw ServiceError(
      .materialDefective,
      violations: [DefectReason.materialNotWanted.violation(at: "header.kind")])
  }

  private static func header(
    of requests: RequestStream<IntakeV1.UploadMaterialRequest>
  ) async throws -> IntakeV1.UploadHeader {
    var stream = requests.makeAsyncIterator()
    guard case .header(let header) = try await stream.next()?.part else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "header")])
    }
    return header
  }

  /// Reads the chunks after the header, sealing piece by piece, and compares them with what was
  /// announced.
  private func receive(
    _ announced: AnnouncedMaterial, from requests: RequestStream<IntakeV1.UploadMaterialRequest>
  ) async throws -> ReceivedMaterial {
    let id: ID<Material> = self.parts.makeID()
    var receiver = try MaterialReceiver(announced, id: id, column: self.store.sealed.piece)
    for try await message in requests {
      guard case .chunk(let chunk) = message.part else {
        throw ServiceError(
          .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "chunk")])
      }
      try receiver.take(chunk)
    }
    return try receiver.finish()
  }

  private func store(
    _ received: ReceivedMaterial, _ announced: AnnouncedMaterial, in id: ID<Application>,
    _ call: MutatingCall, _ context: CallContext
  ) async throws -> IntakeV1.UploadMaterialResponse {
    let now = self.time.now()
    let material = Material(
      id: received.id, slot: announced.slot, mediaType: received.mediaType,
      sizeBytes: Int64(announced.sizeBytes), sha256: announced.sha256, uploadedAt: now)
    let reach = try Reach(of: context)
    return try await call.at(now).commit { transaction, stamp in
      _ = try self.change(transaction, id, within: reach, stamp) { application in
        ApplicationStep(
          next: try application.adding(material, at: now),
          event: .materialUploaded(material, pieces: received.pieces))
      }
      return IntakeV1.UploadMaterialResponse(material: .init(material))
    }
  }
}

extension TimeSource {
  /// What `work` returns or throws, or `UPLOAD_TOO_SLOW` where that takes longer.
  fileprivate func limited<Value: Sendable>(
    to milliseconds: Int64, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let deadline = self.now().adding(milliseconds: milliseconds)
    return try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask(operation: work)
      group.addTask {
        try await self.sleep(until: deadline)
        throw ServiceError(.uploadTooSlow)
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw ServiceError(.uploadTooSlow) }
      return first
    }
  }
}

/// What the header promises of a material.
struct AnnouncedMaterial: Sendable {
  let slot: MaterialSlot
  let sizeBytes: Int
  let sha256: [UInt8]

  /// Reads the header; throws `MATERIAL_DEFECTIVE` with everything that is wrong with it.
  init(_ header: IntakeV1.UploadHeader) throws {
    var defects = DefectList()
    let kind = defects.take(MaterialKind.chosen(header.kind), at: "header.kind")
    let evidence = Choice<EvidenceKind>(header.evidence)
    switch (kind, evidence) {
    case (.evidence, .missing): defects.add(.fieldMissing, at: "header.evidence")
    case (.evidence, .unknown): defects.add(.valueUnknown, at: "header.evidence")
    case (nil, _), (.evidence, .known), (_, .missing): break
    case (_, .unknown), (_, .known): defects.add(.fieldNotWanted, at: "header.evidence")
    }
    if header.sizeBytes <= 0 { defects.add(.materialEmpty, at: "header.size_bytes") }
    if header.sizeBytes > UploadLimits.materialBytesMax {
      defects.add(.materialTooBig, at: "header.size_bytes")
    }
    if header.sha256.count != UploadLimits.hashBytes {
      defects.add(.materialHashMismatch, at: "header.sha256")
    }
    try defects.throwIfAny(.materialDefective)
    guard let kind else { throw ServiceError(.materialDefective) }
    self.slot = MaterialSlot(kind, evidence: evidence.value)
    self.sizeBytes = Int(header.sizeBytes)
    self.sha256 = header.sha256
  }
}
