import DomainModel
import RPC
import Storage
import Wire

extension IntakeHandlers {
  /// Takes one material: a header, then chunks. What is wrong with it is told completely, as far as
  /// it can be known, and nothing is stored then. A stream that stops half-way leaves nothing.
  func uploadMaterial(
    _ requests: RequestStream<IntakeV1.UploadMaterialRequest>, _ context: CallContext
  ) async throws -> IntakeV1.UploadMaterialResponse {
    let caller = try context.requireCaller()
    var stream = requests.makeAsyncIterator()
    let header = try await Self.header(&stream)
    let call = try Self.inboxCall(header, key: header.idempotencyKey, context)
    if let answer = try await self.store.firstAnswer(to: call) {
      return try IntakeV1.UploadMaterialResponse(wireBytes: answer)
    }
    let announced = try AnnouncedMaterial(header)
    // Refused before the bytes are read, and again when they are stored.
    let id = ID<Application>(header.applicationID)
    let reach = Self.reach(of: caller)
    let application = try await self.store.application(.id(id), within: reach)
    try application.require([.draft, .supplementNeeded])
    try self.uploads.take()
    defer { self.uploads.giveBack() }
    let received = try await self.receive(announced, &stream)

    let now = self.effects.time.now()
    let material = Material(
      id: received.id, slot: announced.slot, mediaType: received.mediaType,
      sizeBytes: Int64(announced.sizeBytes), sha256: announced.sha256, uploadedAt: now)
    let answer = try await self.store.answerOnce(call, at: now) { transaction in
      let application = try transaction.application(id, within: reach)
      let next = try application.adding(material, at: now)
      let event = Self.event(
        "material_uploaded", of: id, by: caller, at: now, detail: announced.slot.name)
      try transaction.saveMaterial(material, pieces: received.pieces, of: next, by: event)
      return try IntakeV1.UploadMaterialResponse(material: .init(material)).wireBytes()
    }
    return try IntakeV1.UploadMaterialResponse(wireBytes: answer)
  }

  private static func header(
    _ stream: inout RequestStream<IntakeV1.UploadMaterialRequest>.AsyncIterator
  ) async throws -> IntakeV1.UploadHeader {
    guard case .header(let header) = try await stream.next()?.part else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "header")])
    }
    return header
  }

  /// Reads the chunks, sealing piece by piece, and compares them with what was announced.
  private func receive(
    _ announced: AnnouncedMaterial,
    _ stream: inout RequestStream<IntakeV1.UploadMaterialRequest>.AsyncIterator
  ) async throws -> ReceivedMaterial {
    let id: ID<Material> = self.effects.makeID(self.effects.time.now())
    var receiver = try MaterialReceiver(
      announced, id: id, column: self.store.tables.piece)
    while let message = try await stream.next() {
      guard case .chunk(let chunk) = message.part else {
        throw ServiceError(
          .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "chunk")])
      }
      try receiver.take(chunk)
    }
    return try receiver.finish()
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
