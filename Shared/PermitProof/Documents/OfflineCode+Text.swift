import DomainModel

// Length of all (2 bytes), then what is signed after the prefix: kind (1), made at (6), expires at
// (6), bureau (5), issued on (3), valid to (3), note (1: 1 suspended, then its day (3)); identifier
// without its root, masked name and key id, each with its length (1); then signature and check (4).

extension OfflineCode {
  /// The bytes to sign: the prefix, which no other signed thing begins with, and the fields.
  public var signedBytes: [UInt8] { Array(Self.prefix.utf8) + self.fields }

  fileprivate var fields: [UInt8] {
    var writer = ByteWriter()
    writer.number(Int64(self.kind.rawValue), byteCount: 1)
    writer.instant(self.madeAt)
    writer.instant(self.expiresAt)
    writer.number(Int64(self.face.bureauCode) ?? 0, byteCount: 5)
    writer.day(self.face.issuedOn)
    writer.day(self.face.validToOn)
    writer.number(self.face.suspendedFromOn == nil ? 0 : 1, byteCount: 1)
    if let day = self.face.suspendedFromOn { writer.day(day) }
    writer.text(String(self.face.identifier.text.dropFirst(CertificateIdentifier.root.count + 1)))
    writer.text(self.face.maskedName)
    writer.text(self.keyID)
    return writer.bytes
  }

  fileprivate init(_ reader: inout ByteReader) throws(FormDefect) {
    guard let kind = Kind(rawValue: UInt8(try reader.number(byteCount: 1))) else {
      throw .fieldWrong("kind")
    }
    let madeAt = try reader.instant()
    let expiresAt = try reader.instant()
    let face = try Self.face(&reader)
    let keyID = try reader.word("key_id", bytesMax: TrustedKey.idCharactersMax)
    guard
      let code = OfflineCode(kind, face, madeAt: madeAt, expiresAt: expiresAt, keyID: keyID)
    else { throw .fieldWrong("expires_at") }
    self = code
  }

  private static func face(_ reader: inout ByteReader) throws(FormDefect) -> Face {
    let bureau = String(try reader.number(byteCount: 5))
    let bureauCode = String(repeating: "0", count: max(0, 12 - bureau.utf8.count)) + bureau
    let issuedOn = try reader.day("issued_on")
    let validToOn = try reader.day("valid_to_on")
    let suspendedFromOn: CivilDate?
    switch try reader.number(byteCount: 1) {
    case 0: suspendedFromOn = nil
    case 1: suspendedFromOn = try reader.day("suspended_from_on")
    default: throw .fieldWrong("note")
    }
    let word = try reader.word("identifier", bytesMax: Self.identifierBytesMax)
    guard let identifier = CertificateIdentifier("\(CertificateIdentifier.root).\(word)") else {
      throw .fieldWrong("identifier")
    }
    let maskedName = try reader.text("name", bytesMax: Face.nameBytesMax)
    let face = Face(
      identifier, maskedName: maskedName, bureauCode: bureauCode, issuedOn: issuedOn,
      validToOn: validToOn)
    guard let face else { throw .fieldWrong("bureau") }
    guard let suspendedFromOn else { return face }
    guard let suspended = face.suspended(from: suspendedFromOn) else {
      throw .fieldWrong("suspended_from_on")
    }
    return suspended
  }

  /// An identifier without its root: 21, 18, 32, 3 and 1 characters, and the dots between.
  private static let identifierBytesMax = 79
}

extension SignedCode {
  /// How many bytes tell whether a code was read as it was made.
  private static let checkByteCount = 4

  /// The text for the QR code: at most `OfflineCode.textCharactersMax` characters of those that its
  /// alphanumeric mode has.
  public var text: String {
    let body = self.code.fields + self.signature
    var writer = ByteWriter()
    writer.number(Int64(2 + body.count + Self.checkByteCount), byteCount: 2)
    writer.raw(body)
    return OfflineCode.prefix + Base45.encode(writer.bytes + Self.check(writer.bytes[...]))
  }

  /// The code in a text; the signature is not checked. Throws `CodeDefect`.
  public init(text: String) throws(CodeDefect) {
    guard text.utf8.count <= OfflineCode.textCharactersMax else { throw .tooLong }
    guard text.hasPrefix(OfflineCode.prefix) else {
      throw OfflineCode.prefix.hasPrefix(text) ? .truncated : .notACode
    }
    let characters = Array(text.utf8.dropFirst(OfflineCode.prefix.utf8.count))
    // The first three say how long it is.
    guard characters.count >= 3 else { throw .truncated }
    guard let head = Base45.decode(characters.prefix(3)) else { throw .altered }
    let length = Int(head[0]) << 8 | Int(head[1])
    guard characters.count >= Base45.characterCount(length) else { throw .truncated }
    guard let bytes = Base45.decode(characters), bytes.count == length else { throw .altered }
    try self.init(bytes)
  }

  private init(_ bytes: [UInt8]) throws(CodeDefect) {
    let end = bytes.count - Self.checkByteCount
    guard end >= 2, Self.check(bytes[..<end]) == Array(bytes[end...]) else { throw .altered }
    var reader = ByteReader(bytes[2..<end])
    do throws(FormDefect) {
      let code = try OfflineCode(&reader)
      guard (1...TrustedKey.signatureBytesMax).contains(reader.rest.count) else {
        throw .fieldWrong("signature")
      }
      self.init(code, signature: Array(reader.rest))
    } catch {
      // The check bytes fit: what is missing or wrong was so when they were made.
      if case .fieldWrong(let name) = error { throw .fieldWrong(name) }
      throw .fieldWrong("length")
    }
  }

  private static func check(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array(SM3.digest(Array(OfflineCode.prefix.utf8) + bytes).prefix(Self.checkByteCount))
  }
}
