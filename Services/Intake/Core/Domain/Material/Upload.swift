import DomainModel

/// An upload on its way: a thing of its own, which outlives the streams that bring its bytes.
///
/// It is known by its application, its hash and its size. Once all bytes are there it is gone, and
/// the material that it has become has its id.
struct Upload: Hashable, Sendable {
  let id: ID<Material>
  let application: ID<Application>
  let sha256: [UInt8]
  let sizeBytes: Int
  /// How many bytes are stored.
  var receivedBytes = 0
  /// Whether its row is stored; a small one needs none.
  var isBegun = false

  /// How many pieces hold what is stored; the last may be short.
  var pieceCount: Int {
    let whole = UploadLimits.sealedPieceBytes
    return (self.receivedBytes + whole - 1) / whole
  }

  /// Why a stream does not go on where it means to: the caller goes on at `receivedBytes`.
  static func notThereYet(receivedBytes: Int) -> ServiceError {
    ServiceError(.uploadNotThereYet, metadata: ["received_bytes": String(receivedBytes)])
  }
}

/// Bytes that are stored already and need not come again.
struct HeldBytes: Hashable, Sendable {
  /// Under which material's id they are.
  var bytesID: ID<Material>
  var mediaType: MediaType
  /// Since when they are here.
  var bytesAt: Timestamp
}
