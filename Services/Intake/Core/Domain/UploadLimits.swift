/// The bounds of an upload.
enum UploadLimits {
  /// The largest material, in bytes.
  static let materialBytesMax = 2 * 1024 * 1024
  /// The largest chunk of the stream, in bytes.
  static let chunkBytesMax = 64 * 1024
  /// Materials are sealed and stored in pieces of this size, in bytes; the last may be shorter.
  static let sealedPieceBytes = 256 * 1024
  /// SHA-256 in bytes.
  static let hashBytes = 32
  /// How long the chunks of a material may take to come, in milliseconds: one minute, in which
  /// even 300 kbit/s bring the largest.
  static let receivingMsMax: Int64 = 60_000
}
