import Crypto
import DomainModel

/// The public keys that a verifier trusts, earlier ones among them: a certificate names the key
/// that signed it, and stays verifiable when the registry has long signed with another.
///
/// On disk it is a folder with a PEM file a key and `keys.tsv`, a line a key, fields between tabs:
/// the key's name, the first and the last day in Asia/Shanghai on which it signed (`-` where that
/// is open), and its file's name. Empty lines and lines that begin with `#` say nothing.
public struct SigningKeyRing: Sendable {
  /// The most keys of a ring.
  public static let keysMax = 64
  /// The most bytes of `keys.tsv`, and of a key's file.
  public static let fileBytesMax = 16_384
  /// The list's name in its folder.
  public static let listName = "keys.tsv"

  private let keys: [String: TrustedKey]

  /// A ring of these keys; nil where there are none, too many, or two of one name.
  public init?(_ keys: [TrustedKey]) {
    let byID = Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    guard (1...Self.keysMax).contains(keys.count), byID.count == keys.count else { return nil }
    self.keys = byID
  }

  /// The ring in a list; `pem` gives the text of a file beside it. Throws `SigningKeyRingError`,
  /// and what `pem` throws.
  public init(list: String, pem: (String) throws -> String) throws {
    guard list.utf8.count <= Self.fileBytesMax else { throw SigningKeyRingError.tooLong }
    var keys: [TrustedKey] = []
    for (index, line) in list.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && !line.hasPrefix("#") {
      keys.append(try Self.key(line, number: index + 1, pem: pem))
    }
    guard let ring = SigningKeyRing(keys) else { throw SigningKeyRingError.keysWrong }
    self = ring
  }

  private static func key(
    _ line: Substring, number: Int, pem: (String) throws -> String
  ) throws -> TrustedKey {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 4 else { throw SigningKeyRingError.line(number, "has not four fields") }
    let first = fields[1] == "-" ? nil : CivilDate(iso: fields[1])
    let last = fields[2] == "-" ? nil : CivilDate(iso: fields[2])
    guard fields[1] == "-" || first != nil, fields[2] == "-" || last != nil else {
      throw SigningKeyRingError.line(number, "has a day that is none")
    }
    if let first, let last, last < first {
      throw SigningKeyRingError.line(number, "ends before it begins")
    }
    guard isFileName(fields[3]) else {
      throw SigningKeyRingError.line(number, "names no file beside the list")
    }
    let text = try pem(fields[3])
    guard text.utf8.count <= Self.fileBytesMax, let publicKey = try? SM2PublicKey(pem: text) else {
      throw SigningKeyRingError.line(number, "names a file without a public SM2 key in PEM")
    }
    let key = TrustedKey(
      id: fields[0], key: publicKey, notBefore: first?.startOfDay, notAfter: last?.endOfDay)
    guard let key else { throw SigningKeyRingError.line(number, "has no name for the key") }
    return key
  }

  private static func isFileName(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix(".") && !text.contains("/")
  }

  /// The key of a name.
  public subscript(_ id: String) -> TrustedKey? { self.keys[id] }

  /// The names of the keys, sorted.
  public var keyIDs: [String] { self.keys.keys.sorted() }
}

/// Why a list of trusted keys cannot be used.
public enum SigningKeyRingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The list is longer than `SigningKeyRing.fileBytesMax`.
  case tooLong
  /// There are no keys, more than `SigningKeyRing.keysMax`, or two of one name.
  case keysWrong
  /// A line, counted from 1, and what is wrong with it.
  case line(Int, String)

  /// What is wrong.
  public var description: String {
    switch self {
    case .tooLong: "the list has more than \(SigningKeyRing.fileBytesMax) bytes"
    case .keysWrong:
      "the list has no key, more than \(SigningKeyRing.keysMax), or two of one name"
    case .line(let number, let reason): "line \(number) \(reason)"
    }
  }
}
