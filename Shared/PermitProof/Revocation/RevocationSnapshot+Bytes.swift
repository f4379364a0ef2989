import DomainModel

// `AJR1`, log id and key id with their lengths (1), at (6), next update (6), tree size (7); for
// each reason from `cancelled` on the number of its marks (4) and the marks (`MarkCoding`). In a
// file the signature follows, its length (1) before it.

extension RevocationSnapshot {
  /// What a snapshot begins with, and no other signed thing.
  private static let magic = Array("AJR1".utf8)

  /// The bytes to sign.
  public var signedBytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.text(self.head.logID)
    writer.text(self.head.keyID)
    writer.instant(self.head.at)
    writer.instant(self.head.nextUpdateAt)
    writer.number(Int64(self.head.treeSize), byteCount: 7)
    for reason in RevocationReason.allCases {
      let marks = self.marks[reason] ?? []
      writer.number(Int64(marks.count), byteCount: 4)
      writer.raw(MarkCoding.encode(marks))
    }
    return writer.bytes
  }

  fileprivate init(_ reader: inout ByteReader) throws(FormDefect) {
    guard Array(try reader.raw(Self.magic.count)) == Self.magic else { throw .formatUnknown }
    let logID = try reader.word("log_id", bytesMax: TreeHead.logIDCharactersMax)
    let keyID = try reader.word("key_id", bytesMax: TrustedKey.idCharactersMax)
    let at = try reader.instant()
    let nextUpdateAt = try reader.instant()
    let treeSize = Int(try reader.number(byteCount: 7))
    let head = Head(
      logID: logID, treeSize: treeSize, at: at, nextUpdateAt: nextUpdateAt, keyID: keyID)
    guard let head else { throw .fieldWrong("head") }
    var marks: [RevocationReason: [UInt64]] = [:]
    var total = 0
    for reason in RevocationReason.allCases {
      let count = Int(try reader.number(byteCount: 4))
      total += count
      guard total <= Self.countMax else { throw .fieldWrong("count") }
      marks[reason] = try MarkCoding.decode(count, from: &reader)
    }
    self.init(head, marks: marks)
  }
}

extension SignedSnapshot {
  /// The file.
  public var bytes: [UInt8] {
    self.snapshot.signedBytes + [UInt8(self.signature.count)] + self.signature
  }

  /// What stands in a file; the signature is not checked. What `bytes` would not have written is
  /// refused.
  public init(bytes: [UInt8]) throws(FormDefect) {
    guard bytes.count <= RevocationSnapshot.bytesMax else {
      throw .tooLong(bytesMax: RevocationSnapshot.bytesMax)
    }
    var reader = ByteReader(bytes[...])
    let snapshot = try RevocationSnapshot(&reader)
    let count = Int(try reader.number(byteCount: 1))
    guard (1...TrustedKey.signatureBytesMax).contains(count) else {
      throw .fieldWrong("signature")
    }
    let signature = Array(try reader.raw(count))
    guard reader.rest.isEmpty else { throw .notCanonical(at: reader.place) }
    self.init(snapshot, signature: signature)
  }
}
