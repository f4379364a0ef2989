import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// How far one stream has brought an upload.
enum Reception: Sendable {
  /// It ended properly, and bytes are missing.
  case partly(Upload)
  case wholly(ReceivedMaterial)
}

/// What is here of an announced material before its bytes come.
struct MaterialOutlook: Sendable {
  let place: MaterialPlace
  /// Its bytes, where they are here already.
  let held: HeldBytes?
  /// What earlier streams have brought.
  let begun: Upload?
}

/// How a material's bytes come in, and how they need not.
extension IntakeHandlers {
  /// Where an announced material is to stand, and what is here of it. Throws
  /// `APPLICATION_NOT_FOUND` and what `rules` throws.
  func look(
    _ announced: AnnouncedMaterial, to id: ID<Application>, by uploader: Uploader,
    at now: Timestamp
  ) async throws -> MaterialOutlook {
    try await self.store.read { snapshot in
      let application = try self.store.application(snapshot, .id(id), within: uploader.reach)
      let place = MaterialPlace(
        announced: announced, application: application.id,
        rules: try self.rules(for: announced.slot.kind, in: application), uploader: uploader)
      return MaterialOutlook(
        place: place, held: try self.held(snapshot, at: place, now),
        begun: try self.store.upload(snapshot, of: announced, to: application.id))
    }
  }

  private func held(
    _ snapshot: Snapshot, at place: MaterialPlace, _ now: Timestamp
  ) throws -> HeldBytes? {
    try self.store.held(
      snapshot, place.announced, for: place.application, within: place.uploader.reach,
      youngerThan: place.youngest(on: CivilDate(of: now)))
  }

  /// Reads the chunks after the header, storing each piece as it is full, and compares the whole
  /// with what was announced. What is not as announced is forgotten; whatever else ends the stream,
  /// what is stored stays.
  func receive(
    _ place: MaterialPlace, after begun: Upload?,
    from requests: RequestStream<IntakeV1.UploadMaterialRequest>
  ) async throws -> Reception {
    let begun = try self.upload(at: place, after: begun)
    var stream = requests.makeAsyncIterator()
    var next = try await stream.next()
    // Who only asks is answered from the row.
    if next == nil {
      return .partly(begun.isBegun ? begun : try await self.keep(nil, of: begun, at: place))
    }
    var receiver = try await self.receiver(of: begun, at: place)
    while let message = next {
      guard case .chunk(let chunk) = message.part else {
        throw ServiceError(
          .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "chunk")])
      }
      if let piece = try receiver.take(chunk) {
        receiver.upload = try await self.keep(piece, of: receiver.upload, at: place)
      }
      next = try await stream.next()
    }
    if !receiver.isWhole {
      let rest = try receiver.flush()
      let known = receiver.upload
      return .partly(rest == nil ? known : try await self.keep(rest, of: known, at: place))
    }
    do {
      return .wholly(try receiver.finish(place.photo))
    } catch let defects as ServiceError {
      if receiver.upload.isBegun { try await self.store.discard(receiver.upload) }
      throw defects
    }
  }

  /// The upload as far as it has come; a new one where none has begun. Throws
  /// `UPLOAD_NOT_THERE_YET` where this stream means to go on behind that.
  private func upload(at place: MaterialPlace, after begun: Upload?) throws -> Upload {
    let announced = place.announced
    let upload =
      begun
      ?? Upload(
        id: self.parts.makeID(), application: place.application, sha256: announced.sha256,
        sizeBytes: announced.sizeBytes)
    guard announced.fromByte <= upload.receivedBytes else {
      throw Upload.notThereYet(receivedBytes: upload.receivedBytes)
    }
    return upload
  }

  /// A receiver that has gone through what earlier streams have stored.
  private func receiver(
    of upload: Upload, at place: MaterialPlace
  ) async throws -> MaterialReceiver {
    var receiver = try MaterialReceiver(
      place.announced, upload, column: self.store.sealed.piece)
    for number in 0..<upload.pieceCount {
      // Another stream has ended it between two reads.
      guard let piece = try await self.store.piece(number, of: upload.id) else {
        throw Upload.notThereYet(receivedBytes: 0)
      }
      try receiver.recall(piece)
    }
    return receiver
  }

  private func keep(
    _ piece: SealedPiece?, of upload: Upload, at place: MaterialPlace
  ) async throws -> Upload {
    try await self.store.keep(piece, of: upload, by: place.uploader, at: self.time.now())
  }

  /// Answers with the material whose bytes are here already, in the application itself or in
  /// another one of the same person that the caller reaches; nil where they are gone again.
  func takeOver(
    _ found: HeldBytes, to place: MaterialPlace, _ call: MutatingCall
  ) async throws -> IntakeV1.UploadMaterialResponse? {
    try await self.check(found, at: place)
    let announced = place.announced
    do {
      return try await call.commit { transaction, stamp in
        guard let held = try self.held(transaction, at: place, stamp.now) else {
          throw BytesGone()
        }
        let material = Material(
          id: stamp.newID(), slot: announced.slot, mediaType: held.mediaType,
          sizeBytes: Int64(announced.sizeBytes), sha256: announced.sha256, uploadedAt: stamp.now,
          bytesOf: held.bytesID, bytesSince: held.bytesAt)
        return try self.add(transaction, .materialReused(material), material, to: place, stamp)
      }
    } catch is BytesGone {
      return nil
    }
  }

  /// Held bytes are judged as if they had just come: they may stand in another place there.
  private func check(_ held: HeldBytes, at place: MaterialPlace) async throws {
    let slot = place.announced.slot
    var picture: PictureSize?
    if slot.kind == .photo, let head = try await self.store.piece(0, of: held.bytesID) {
      picture = PictureSize(of: head)
    }
    var defects = DefectList()
    slot.check(
      held.mediaType, picture, sizeBytes: Int64(place.announced.sizeBytes), by: place.photo,
      &defects)
    try defects.throwIfAny(.materialDefective)
  }
}

/// Bytes that were here a moment ago are not any more.
private struct BytesGone: Error {}

extension MaterialPlace {
  /// Since when bytes of another application must be here to stand in this place: a photo shows its
  /// person as he was.
  fileprivate func youngest(on today: CivilDate) -> Timestamp? {
    guard self.announced.slot.kind == .photo else { return nil }
    return today.adding(months: -self.rules.photoAgeMonthsMax).startOfDay
  }
}
