public import DomainModel

/// What the registry signs of the log: that at an instant it had so many leaves and this root.
///
/// Whoever keeps a signed head can prove later that something was altered, dropped, put elsewhere
/// or back-dated among the leaves that it covers.
public struct TreeHead: Hashable, Sendable {
  /// Which log: a word of 1 to 64 characters. It never changes, and no two logs share one.
  public let logID: String
  /// How many leaves it had.
  public let size: Int
  /// The root over them.
  public let root: TreeHash
  /// When.
  public let at: Timestamp
  /// Which key signs.
  public let keyID: String

  /// What a head says it is; a change of its fields raises the number.
  public static let format = "anju-tree-head/1"
  /// The most bytes of a head.
  public static let bytesMax = 512
  /// The most characters of a log's id.
  public static let logIDCharactersMax = 64

  /// A head. A log's id or a key's that is no word, a size below 0 or above
  /// `TreeSize.leavesMax`, and an instant before 1970, are broken promises.
  public init(logID: String, size: Int, root: TreeHash, at: Timestamp, keyID: String) {
    precondition(isWord(logID, charactersMax: Self.logIDCharactersMax), "no id of a log")
    precondition(isWord(keyID, charactersMax: TrustedKey.idCharactersMax), "no id of a key")
    precondition((0...TreeSize.leavesMax).contains(size), "no size of a log")
    precondition((0...CanonicalJSON.integerMax).contains(at.milliseconds), "no instant")
    self.logID = logID
    self.size = size
    self.root = root
    self.at = at
    self.keyID = keyID
  }

  /// The bytes to sign.
  public var canonicalBytes: [UInt8] { self.canonical.utf8 }

  var canonical: CanonicalJSON {
    .object([
      "at_ms": .integer(self.at.milliseconds),
      "format": .string(Self.format),
      "key_id": .string(self.keyID),
      "log_id": .string(self.logID),
      "root": .hexadecimal(self.root.bytes),
      "size": .integer(Int64(self.size)),
    ])
  }

  /// The head in its canonical bytes.
  public init(canonicalBytes bytes: [UInt8]) throws(FormDefect) {
    try self.init(try CanonicalReader.value(in: bytes, bytesMax: Self.bytesMax))
  }

  init(_ value: CanonicalJSON) throws(FormDefect) {
    var fields = try CanonicalFields(value, format: Self.format)
    let root = TreeHash(try fields.bytes("root", count: TreeHash.byteCount))
    guard let root else { throw fields.wrong("root") }
    self.init(
      logID: try fields.word("log_id", charactersMax: Self.logIDCharactersMax),
      size: Int(try fields.integer("size", in: 0...Int64(TreeSize.leavesMax))), root: root,
      at: try fields.instant("at_ms"),
      keyID: try fields.word("key_id", charactersMax: TrustedKey.idCharactersMax))
    try fields.finish()
  }
}

/// A head with its signature, as one file.
public struct SignedTreeHead: Hashable, Sendable {
  /// What is signed.
  public let head: TreeHead
  /// SM2 with SM3 over the head's canonical bytes, DER.
  public let signature: [UInt8]

  /// What the file says it is.
  public static let format = "anju-signed-tree-head/1"
  /// The most bytes of the file.
  public static let bytesMax = 1_024

  /// A head and its signature, which nothing has checked.
  /// A signature of no bytes or of more than 72 is a broken promise.
  public init(_ head: TreeHead, signature: [UInt8]) {
    precondition((1...TrustedKey.signatureBytesMax).contains(signature.count), "no signature")
    self.head = head
    self.signature = signature
  }

  /// The file.
  public var canonicalBytes: [UInt8] {
    CanonicalJSON.object([
      "format": .string(Self.format),
      "head": self.head.canonical,
      "signature": .hexadecimal(self.signature),
    ]).utf8
  }

  /// What stands in a file; the signature is not checked.
  public init(canonicalBytes bytes: [UInt8]) throws(FormDefect) {
    var fields = try CanonicalFields(bytes, format: Self.format, bytesMax: Self.bytesMax)
    self.init(
      try TreeHead(try fields.value("head")),
      signature: try fields.signature("signature"))
    try fields.finish()
  }
}
