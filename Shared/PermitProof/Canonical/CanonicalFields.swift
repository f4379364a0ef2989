import Crypto
import DomainModel

/// The members of a canonical object, taken one by one by their names; what is left at the end has
/// no place there.
struct CanonicalFields {
  private var members: [String: CanonicalJSON]
  private let path: String

  /// The members of the object in all the bytes, if its `format` is the one that is wanted.
  init(_ bytes: [UInt8], format: String, bytesMax: Int) throws(FormDefect) {
    try self.init(try CanonicalReader.value(in: bytes, bytesMax: bytesMax), format: format)
  }

  /// Whether an object says that it is of a format.
  static func has(_ value: CanonicalJSON, format: String) -> Bool {
    guard case .object(let members) = value else { return false }
    return members["format"] == .string(format)
  }

  /// The members of an object that says its format.
  init(_ value: CanonicalJSON, format: String) throws(FormDefect) {
    guard case .object(let members) = value, members["format"] == .string(format) else {
      throw .formatUnknown
    }
    self.members = members
    self.members["format"] = nil
    self.path = ""
  }

  private init(members: [String: CanonicalJSON], path: String) {
    self.members = members
    self.path = path
  }

  /// What is thrown about a field of this object.
  func wrong(_ name: String) -> FormDefect { .fieldWrong(self.path + name) }

  private mutating func take(_ name: String) throws(FormDefect) -> CanonicalJSON {
    guard let value = self.members.removeValue(forKey: name) else { throw self.wrong(name) }
    return value
  }

  /// Whether a member that may be missing is there.
  func has(_ name: String) -> Bool { self.members[name] != nil }

  /// Throws where a member has not been taken.
  func finish() throws(FormDefect) {
    // Its name is a stranger's word, and is not repeated.
    guard self.members.isEmpty else { throw self.wrong("(unknown)") }
  }

  /// A text of so many Unicode scalars at most, with nothing unseen in it.
  mutating func text(
    _ name: String, charactersMax: Int, isRequired: Bool = true
  ) throws(FormDefect) -> String {
    guard case .string(let text) = try self.take(name),
      TextRules.defects(of: text, charactersMax: charactersMax, isRequired: isRequired).isEmpty
    else { throw self.wrong(name) }
    return text
  }

  /// A word of a program's: letters, digits, and `_`, `-`, `.`, `:`.
  mutating func word(_ name: String, charactersMax: Int) throws(FormDefect) -> String {
    guard case .string(let text) = try self.take(name), isWord(text, charactersMax: charactersMax)
    else { throw self.wrong(name) }
    return text
  }

  /// Digits, exactly so many.
  mutating func digits(_ name: String, count: Int) throws(FormDefect) -> String {
    guard case .string(let text) = try self.take(name), text.utf8.count == count,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw self.wrong(name) }
    return text
  }

  /// A whole number within bounds.
  mutating func integer(
    _ name: String, in bounds: ClosedRange<Int64>
  ) throws(FormDefect) -> Int64 {
    guard case .integer(let number) = try self.take(name), bounds.contains(number) else {
      throw self.wrong(name)
    }
    return number
  }

  /// An instant, not before 1970.
  mutating func instant(_ name: String) throws(FormDefect) -> Timestamp {
    Timestamp(milliseconds: try self.integer(name, in: 0...CanonicalJSON.integerMax))
  }

  /// A day.
  mutating func date(_ name: String) throws(FormDefect) -> CivilDate {
    guard case .string(let text) = try self.take(name), let date = CivilDate(iso: text) else {
      throw self.wrong(name)
    }
    return date
  }

  /// Bytes as small hexadecimal digits.
  mutating func bytes(_ name: String, count: Int) throws(FormDefect) -> [UInt8] {
    guard let bytes = canonicalBytes(try self.take(name)), bytes.count == count else {
      throw self.wrong(name)
    }
    return bytes
  }

  /// A signature in DER: of some length that a signature can have, whatever is in it.
  mutating func signature(_ name: String) throws(FormDefect) -> [UInt8] {
    guard let bytes = canonicalBytes(try self.take(name)),
      (1...TrustedKey.signatureBytesMax).contains(bytes.count)
    else { throw self.wrong(name) }
    return bytes
  }

  /// A list of texts of bytes, each of so many.
  mutating func list(
    _ name: String, byteCount: Int, countMax: Int
  ) throws(FormDefect) -> [[UInt8]] {
    guard case .array(let values) = try self.take(name), values.count <= countMax else {
      throw self.wrong(name)
    }
    var list: [[UInt8]] = []
    for value in values {
      guard let bytes = canonicalBytes(value), bytes.count == byteCount else {
        throw self.wrong(name)
      }
      list.append(bytes)
    }
    return list
  }

  /// An identifier of a certificate.
  mutating func identifier(_ name: String) throws(FormDefect) -> CertificateIdentifier {
    guard case .string(let text) = try self.take(name),
      let identifier = CertificateIdentifier(text)
    else { throw self.wrong(name) }
    return identifier
  }

  /// A value as it stands, which somebody else reads.
  mutating func value(_ name: String) throws(FormDefect) -> CanonicalJSON { try self.take(name) }

  /// An object in this one.
  mutating func object(_ name: String) throws(FormDefect) -> CanonicalFields {
    guard case .object(let members) = try self.take(name) else { throw self.wrong(name) }
    return CanonicalFields(members: members, path: "\(self.path)\(name).")
  }
}

/// Whether a text is a word of a program's: 1 to `charactersMax` letters, digits, `_`, `-`, `.`,
/// `:`.
func isWord(_ text: String, charactersMax: Int) -> Bool {
  (1...charactersMax).contains(text.utf8.count)
    && text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): true
      default: false
      }
    }
}

/// The bytes that a text of small hexadecimal digits says; nil for anything else.
private func canonicalBytes(_ value: CanonicalJSON) -> [UInt8]? {
  guard case .string(let text) = value, let bytes = Hex.decode(text), Hex.encode(bytes) == text
  else { return nil }
  return bytes
}

extension CanonicalJSON {
  /// Bytes as small hexadecimal digits.
  static func hexadecimal(_ bytes: [UInt8]) -> CanonicalJSON { .string(Hex.encode(bytes)) }
}
