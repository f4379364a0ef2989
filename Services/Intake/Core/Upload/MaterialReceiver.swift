import Crypto
import DomainModel
import Storage

/// A material that came in whole and is what was announced.
struct ReceivedMaterial: Sendable {
  var id: ID<Material>
  var mediaType: MediaType
  /// Sealed, in order.
  var pieces: [[UInt8]]
}

/// Takes a material chunk by chunk: hashes it, seals it piece by piece so that little of it stands
/// open in memory, and keeps both ends to tell what it is.
struct MaterialReceiver {
  private let announced: AnnouncedMaterial
  private let id: ID<Material>
  private let column: SealedColumn
  private let digest: RunningDigest
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var open: [UInt8] = []
  private var pieces: [[UInt8]] = []
  private var sizeBytes = 0

  init(_ announced: AnnouncedMaterial, id: ID<Material>, column: SealedColumn) throws {
    self.digest = try RunningDigest(.sha256)
    self.announced = announced
    self.id = id
    self.column = column
    self.open.reserveCapacity(min(announced.sizeBytes, UploadLimits.sealedPieceBytes))
  }

  /// Takes a chunk; throws `MATERIAL_DEFECTIVE` as soon as it is too big or there are more bytes
  /// than announced.
  mutating func take(_ chunk: [UInt8]) throws {
    var defects = DefectList()
    if chunk.isEmpty { defects.add(.materialEmpty, at: "chunk") }
    if chunk.count > UploadLimits.chunkBytesMax { defects.add(.materialTooBig, at: "chunk") }
    self.sizeBytes += chunk.count
    if self.sizeBytes > self.announced.sizeBytes {
      defects.add(.materialSizeMismatch, at: "header.size_bytes")
    }
    try defects.throwIfAny(.materialDefective)

    try self.digest.update(chunk)
    if self.head.count < MediaType.edgeBytes {
      self.head.append(contentsOf: chunk.prefix(MediaType.edgeBytes - self.head.count))
    }
    self.tail = Array((self.tail + chunk.suffix(MediaType.edgeBytes)).suffix(MediaType.edgeBytes))
    var rest = chunk[...]
    while !rest.isEmpty {
      let room = UploadLimits.sealedPieceBytes - self.open.count
      self.open.append(contentsOf: rest.prefix(room))
      rest = rest.dropFirst(room)
      if self.open.count == UploadLimits.sealedPieceBytes { try self.seal() }
    }
  }

  /// Ends the upload; throws `MATERIAL_DEFECTIVE` with everything that is not as announced.
  mutating func finish() throws -> ReceivedMaterial {
    if !self.open.isEmpty { try self.seal() }
    var defects = DefectList()
    if self.sizeBytes == 0 {
      defects.add(.materialEmpty, at: "chunk")
    } else {
      if self.sizeBytes != self.announced.sizeBytes {
        defects.add(.materialSizeMismatch, at: "header.size_bytes")
      }
      if try self.digest.finish() != self.announced.sha256 {
        defects.add(.materialHashMismatch, at: "header.sha256")
      }
    }
    let mediaType = MediaType(head: self.head[...], tail: self.tail[...])
    if let mediaType {
      if !self.announced.slot.mediaTypes.contains(mediaType) {
        defects.add(.materialTypeNotAllowed, at: "chunk")
      }
    } else if self.sizeBytes > 0 {
      defects.add(.materialUnreadable, at: "chunk")
    }
    try defects.throwIfAny(.materialDefective)
    guard let mediaType else { throw ServiceError(.materialDefective) }
    return ReceivedMaterial(id: self.id, mediaType: mediaType, pieces: self.pieces)
  }

  private mutating func seal() throws {
    let row = IntakeStore.pieceRow(self.id, number: self.pieces.count)
    self.pieces.append(try self.column.seal(self.open, row: row))
    self.open.removeAll(keepingCapacity: true)
  }
}
