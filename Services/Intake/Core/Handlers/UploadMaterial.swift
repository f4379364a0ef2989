import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Takes one material: a header, then chunks. What is wrong with it is told completely, as far as
  /// it can be known. Each piece that is full is stored; a stream that stops half-way is taken up
  /// where that left it.
  func uploadMaterial(
    _ requests: RequestStream<IntakeV1.UploadMaterialRequest>, _ context: CallContext
  ) async throws -> IntakeV1.UploadMaterialResponse {
    let header = try await Self.header(of: requests)
    // Where a stream goes on is no part of what is asked for.
    var content = header
    content.fromByte = 0
    let call = try self.once.call(content, key: header.idempotencyKey, context)
    // Looked for first as well: what was stored already need not be received.
    if let first: IntakeV1.UploadMaterialResponse = try await self.once.firstAnswer(to: call) {
      return first
    }
    return try await self.once.answer(call) { call in
      let caller = try context.requireCaller()
      let reach = try Reach(of: context)
      // Refused before the bytes are read, and again when they are stored.
      let announced = try AnnouncedMaterial(header)
      let uploader = Uploader(
        reach: reach, applicant: caller.kind == .applicant ? caller.principal : nil)
      let found = try await self.look(
        announced, to: ID(header.applicationID), by: uploader, at: call.now)
      let place = found.place
      if let held = found.held, let answer = try await self.takeOver(held, to: place, call) {
        return answer
      }
      try self.uploads.take(for: caller)
      defer { self.uploads.giveBack(by: caller) }
      let reception = try await self.time.limited(to: UploadLimits.receivingMsMax) {
        try await self.receive(place, after: found.begun, from: requests)
      }
      switch reception {
      case .partly(let upload):
        return IntakeV1.UploadMaterialResponse(
          uploadID: upload.id.text, receivedBytes: Int64(upload.receivedBytes))
      case .wholly(let received): return try await self.store(received, in: place, call)
      }
    }
  }

  /// What the policy says of materials, where the application takes one of this kind now: a draft
  /// by the policy in force, an application that waits for its supplement by its own. What its
  /// kind never asks for is not kept: nobody would look at it.
  func rules(
    for material: MaterialKind, in application: Application
  ) throws -> MaterialSettings {
    try application.require([.draft, .supplementNeeded])
    let own = try? self.policies.version(application.policyVersion)
    let today = CivilDate(of: self.time.now())
    let policy =
      try application.state == .draft ? self.policy(on: today) : own ?? self.policies.latest
    if try policy.offered(application.kind).takes(material) { return policy.materials }
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

  private func store(
    _ received: ReceivedMaterial, in place: MaterialPlace, _ call: MutatingCall
  ) async throws -> IntakeV1.UploadMaterialResponse {
    let now = self.time.now()
    let announced = place.announced
    let material = Material(
      id: received.upload.id, slot: announced.slot, mediaType: received.mediaType,
      sizeBytes: Int64(announced.sizeBytes), sha256: announced.sha256, uploadedAt: now)
    return try await call.at(now).commit { transaction, stamp in
      try self.store.finish(transaction, received, of: place.uploader)
      return try self.add(
        transaction, .materialUploaded(material), material, to: place, stamp)
    }
  }

  /// Puts a material whose bytes are stored into its place.
  func add(
    _ transaction: Transaction, _ event: ApplicationEvent, _ material: Material,
    to place: MaterialPlace, _ stamp: Stamp
  ) throws -> IntakeV1.UploadMaterialResponse {
    _ = try self.change(transaction, place.application, within: place.uploader.reach, stamp) {
      ApplicationStep(next: try $0.adding(material, at: stamp.now), event: event)
    }
    return IntakeV1.UploadMaterialResponse(
      material: .init(material), uploadID: material.bytesOf == nil ? material.id.text : "",
      receivedBytes: material.sizeBytes)
  }
}

/// Where an announced material is to stand, and by which rules.
struct MaterialPlace: Sendable {
  let announced: AnnouncedMaterial
  let application: ID<Application>
  let rules: MaterialSettings
  let uploader: Uploader

  var photo: PhotoRules { PhotoRules(rules: self.rules) }
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
