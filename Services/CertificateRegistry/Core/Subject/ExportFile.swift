import Crypto
import DomainModel
import PermitProof

/// A person's export as a file that is made in pieces: what it is first, then its lines, and at the
/// end what it is known to be whole by.
struct ExportFile {
  /// How many bytes one piece has at most, where it is more than one line.
  static let pieceBytesMax = 65_536
  /// What the first line says it is; a change of its form raises the number.
  static let format = "anju-person-export/1"
  /// What the manifest says it is.
  static let manifestFormat = "anju-person-export-manifest/1"

  /// What was added and not taken yet.
  private var waiting: [UInt8] = []
  private let digest: RunningDigest
  private(set) var lineCount = 0
  private(set) var byteCount = 0
  let at: Timestamp

  /// The file of a person, begun at an instant, with the newest head of the log there was.
  init(of person: String, at now: Timestamp, head: TreeHead?) throws {
    self.digest = try RunningDigest(.sha256)
    self.at = now
    var members: [String: CanonicalJSON] = [
      "format": .string(Self.format), "person_id": .string(person),
      "at_ms": .integer(now.milliseconds),
    ]
    if let head {
      members["head"] = .string(String(decoding: head.canonicalBytes, as: UTF8.self))
    }
    try self.add(CanonicalJSON.object(members).utf8 + [UInt8(ascii: "\n")])
  }

  /// Adds a line; returns a piece that is to be sent first, where the line would make it too long.
  mutating func add(_ line: ExportLine) throws -> [UInt8]? {
    let bytes = line.bytes
    let isFull = !self.waiting.isEmpty && self.waiting.count + bytes.count > Self.pieceBytesMax
    let piece = isFull ? self.take() : nil
    try self.add(bytes)
    return piece
  }

  /// What is left to be sent.
  mutating func take() -> [UInt8] {
    defer { self.waiting = [] }
    return self.waiting
  }

  /// What says that it is whole, in its one spelling, and its hash; once, at the end.
  func manifest(signedBy keyID: String) throws -> (bytes: [UInt8], sha256: [UInt8]) {
    let sha256 = try self.digest.finish()
    let json = CanonicalJSON.object([
      "format": .string(Self.manifestFormat), "at_ms": .integer(self.at.milliseconds),
      "key_id": .string(keyID), "line_count": .integer(Int64(self.lineCount)),
      "sha256": .string(Hex.encode(sha256)), "size_bytes": .integer(Int64(self.byteCount)),
    ])
    return (json.utf8, sha256)
  }

  private mutating func add(_ bytes: [UInt8]) throws {
    try self.digest.update(bytes)
    self.waiting += bytes
    self.lineCount += 1
    self.byteCount += bytes.count
  }
}
