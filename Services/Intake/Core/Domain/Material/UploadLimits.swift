/// The bounds of an upload.
enum UploadLimits {
  /// The largest material, in bytes.
  static let materialBytesMax = 2 * 1024 * 1024
  /// The largest chunk of the stream, in bytes, up and down.
  static let chunkBytesMax = 64 * 1024
  /// Materials are sealed and stored in pieces of this size, in bytes; the last may be shorter.
  static let sealedPieceBytes = 256 * 1024
  /// SHA-256 in bytes.
  static let hashBytes = 32
  /// How long the chunks of one stream may take to come, in milliseconds: one minute, in which
  /// even 300 kbit/s bring the largest material.
  static let receivingMsMax: Int64 = 60_000
  /// How long an upload that does not go on is kept, in milliseconds: two days.
  static let keptMs: Int64 = 2 * 86_400_000
  /// How many uploads of one application may be under way.
  static let ofApplicationMax = 8
  /// How many materials an applicant's drafts hold at most, uploads under way among them. A
  /// platform has as many as it has applicants; the places of an application bound those.
  static let ofApplicantMax = 100
  /// How many bytes those may have together, as they were announced.
  static let ofApplicantBytesMax: Int64 = 64 * 1024 * 1024
}
