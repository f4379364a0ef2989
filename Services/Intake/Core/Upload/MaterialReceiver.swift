import Crypto
import DomainModel
import Storage

/// A sealed piece of a material, in its place.
struct SealedPiece: Hashable, Sendable {
  var number: Int
  var bytes: [UInt8]
  /// How many bytes of the material are stored once it is.
  var endsAt: Int
}

/// A material that came in whole and is what was announced.
struct ReceivedMaterial: Sendable {
  var upload: Upload
  var mediaType: MediaType
  /// What is not stored yet: one piece, or none.
  var lastPiece: SealedPiece?
}

/// Takes a material chunk by chunk: hashes it, seals it piece by piece so that no more of it than
/// one piece stands in memory, and keeps both ends to tell what it is.
struct MaterialReceiver {
  /// The upload as far as it is stored.
  var upload: Upload
  private let announced: AnnouncedMaterial
  private let column: SealedColumn
  private let digest: RunningDigest
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var picture: PictureSize?
  /// What is not sealed yet, less than a piece between two calls.
  private var open: [UInt8] = []
  private var receivedBytes = 0
  /// How many bytes of this stream stand in the store already.
  private var skipBytes: Int

  init(_ announced: AnnouncedMaterial, _ upload: Upload, column: SealedColumn) throws {
    self.digest = try RunningDigest(.sha256)
    self.announced = announced
    self.upload = upload
    self.column = column
    self.skipBytes = upload.receivedBytes - announced.fromByte
    self.open.reserveCapacity(min(announced.sizeBytes, UploadLimits.sealedPieceBytes))
  }

  /// Whether all bytes have come.
  var isWhole: Bool { self.receivedBytes == self.announced.sizeBytes }

  /// Takes a piece that an earlier stream has stored, in its turn.
  mutating func recall(_ piece: [UInt8]) throws {
    try self.note(piece)
    // A short one is the last, and goes on growing.
    self.open = piece.count < UploadLimits.sealedPieceBytes ? piece : []
  }

  /// Takes a chunk; a piece that is full by it is to be stored before the next.
  ///
  /// Throws `MATERIAL_DEFECTIVE` as soon as it is too big or there are more bytes than announced.
  mutating func take(_ chunk: [UInt8]) throws -> SealedPiece? {
    var defects = DefectList()
    if chunk.isEmpty { defects.add(.materialEmpty, at: "chunk") }
    if chunk.count > UploadLimits.chunkBytesMax { defects.add(.materialTooBig, at: "chunk") }
    let known = min(self.skipBytes, chunk.count)
    self.skipBytes -= known
    let fresh = known == 0 ? chunk : Array(chunk.dropFirst(known))
    if self.receivedBytes + fresh.count > self.announced.sizeBytes {
      defects.add(.materialSizeMismatch, at: "header.size_bytes")
    }
    try defects.throwIfAny(.materialDefective)
    if fresh.isEmpty { return nil }
    let room = UploadLimits.sealedPieceBytes - self.open.count
    self.open.append(contentsOf: fresh.prefix(room))
    try self.note(fresh)
    // The last piece is stored with the material itself.
    guard fresh.count >= room, !self.isWhole || fresh.count > room else { return nil }
    let piece = try self.seal(endsAt: self.receivedBytes - (fresh.count - room))
    self.open.append(contentsOf: fresh.dropFirst(room))
    return piece
  }

  /// What is not stored yet, sealed: for a stream that ends before the last byte, and at the end.
  mutating func flush() throws -> SealedPiece? {
    guard self.receivedBytes > self.upload.receivedBytes else { return nil }
    return try self.seal(endsAt: self.receivedBytes)
  }

  /// Ends an upload that is whole; throws `MATERIAL_DEFECTIVE` with everything that is not as
  /// announced or not as the policy's `photo` rules want it.
  mutating func finish(_ photo: PhotoRules) throws -> ReceivedMaterial {
    let last = try self.flush()
    var defects = DefectList()
    if try self.digest.finish() != self.announced.sha256 {
      defects.add(.materialHashMismatch, at: "header.sha256")
    }
    let mediaType = MediaType(head: self.head[...], tail: self.tail[...])
    if let mediaType {
      self.announced.slot.check(
        mediaType, self.picture, sizeBytes: Int64(self.announced.sizeBytes), by: photo, &defects)
    } else {
      defects.add(.materialUnreadable, at: "chunk")
    }
    try defects.throwIfAny(.materialDefective)
    guard let mediaType else { throw ServiceError(.materialDefective) }
    return ReceivedMaterial(upload: self.upload, mediaType: mediaType, lastPiece: last)
  }

  /// Counts and hashes bytes that follow those before, and keeps the ends.
  private mutating func note(_ bytes: [UInt8]) throws {
    try self.digest.update(bytes)
    self.receivedBytes += bytes.count
    if self.head.count < MediaType.edgeBytes {
      self.head.append(contentsOf: bytes.prefix(MediaType.edgeBytes - self.head.count))
    }
    self.tail = Array((self.tail + bytes.suffix(MediaType.edgeBytes)).suffix(MediaType.edgeBytes))
    // Once, from the first piece: a header that begins later is none for a photo.
    let isFirst = self.receivedBytes - bytes.count < UploadLimits.sealedPieceBytes
    if isFirst, self.picture == nil {
      self.picture = PictureSize(of: bytes.count == self.receivedBytes ? bytes : self.open)
    }
  }

  private mutating func seal(endsAt: Int) throws -> SealedPiece {
    let number = (endsAt - 1) / UploadLimits.sealedPieceBytes
    let row = IntakeStore.pieceRow(self.upload.id, number: number)
    let piece = SealedPiece(
      number: number, bytes: try self.column.seal(self.open, row: row), endsAt: endsAt)
    self.open.removeAll(keepingCapacity: true)
    return piece
  }
}
