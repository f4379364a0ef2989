/// A record with all that proves where it stands in the log, as one file; beside it a signed head
/// of the same size is needed.
public struct InclusionProof: Hashable, Sendable {
  /// The record.
  public let record: LogRecord
  /// The salt of its leaf.
  public let salt: LeafSalt
  /// The way from its leaf to the root.
  public let path: InclusionPath

  /// What the file says it is.
  public static let format = "anju-inclusion-proof/1"
  /// The most bytes of the file: the record, and 48 hashes of 64 digits.
  public static let bytesMax = 8_192

  /// A proof, which nothing has checked.
  public init(_ record: LogRecord, salt: LeafSalt, path: InclusionPath) {
    self.record = record
    self.salt = salt
    self.path = path
  }

  /// The file.
  public var canonicalBytes: [UInt8] {
    CanonicalJSON.object([
      "format": .string(Self.format),
      "index": .integer(Int64(self.path.index)),
      "path": .array(self.path.hashes.map { .hexadecimal($0.bytes) }),
      "record": self.record.canonical,
      "salt": .hexadecimal(self.salt.bytes),
      "size": .integer(Int64(self.path.size)),
    ]).utf8
  }

  /// What stands in a file; nothing is checked but its form.
  public init(canonicalBytes bytes: [UInt8]) throws(FormDefect) {
    var fields = try CanonicalFields(bytes, format: Self.format, bytesMax: Self.bytesMax)
    let hashes = try fields.list(
      "path", byteCount: TreeHash.byteCount, countMax: TreeSize.pathMax)
    let leavesMax = Int64(TreeSize.leavesMax)
    let path = InclusionPath(
      index: Int(try fields.integer("index", in: 0...leavesMax)),
      size: Int(try fields.integer("size", in: 0...leavesMax)),
      hashes: hashes.compactMap { TreeHash($0) })
    guard let salt = LeafSalt(try fields.bytes("salt", count: LeafSalt.byteCount)) else {
      throw fields.wrong("salt")
    }
    self.init(try LogRecord(try fields.value("record")), salt: salt, path: path)
    try fields.finish()
  }

  /// Throws unless the record's leaf stands where the path says in the tree of a head.
  public func verify(against head: TreeHead) throws(TreeDefect) {
    guard head.size == self.path.size else { throw .sizeOutOfBounds }
    try self.path.verify(self.record.leaf(salt: self.salt), root: head.root)
  }
}
