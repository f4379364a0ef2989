/// The identifier of an electronic certificate (电子证照标识, GB/T 36904-2018):
/// `1.2.156.3005.2.` type (21) `.` issuer (18) `.` serial `.` version (3) `.` check (1).
///
/// The check character is ISO/IEC 7064 MOD 37,36 over the parts without the root and the dots.
public struct CertificateIdentifier: Hashable, Sendable {
  /// The root under which all such identifiers stand.
  public static let root = "1.2.156.3005.2"
  /// The most characters of a serial number; 9 to 32 are met in practice.
  public static let serialCharactersMax = 32
  /// How many characters a new serial number has.
  public static let newSerialCharacters = 20

  /// The type of certificate (证照类型代码): the defining body's credit code and three digits.
  public let type: String
  /// The issuer (证照颁发机构代码): its credit code, 18 characters. Some issuers wrote a six-digit
  /// division; such identifiers are read and never made.
  public let issuer: String
  /// The serial number (流水号): digits and capitals.
  public let serial: String
  /// The version (版本号): 1 to 999, rising when the certificate is made anew.
  public let version: Int
  /// The check character (校验位).
  public let check: Character

  /// A new identifier; nil if a part has not the form it must have.
  public init?(type: String, issuer: String, serial: String, version: Int) {
    guard Self.isCreditCode(issuer) else { return nil }
    self.init(anyIssuer: issuer, type: type, serial: serial, version: version)
  }

  /// An identifier as it is written; nil if its form or its check character is wrong.
  public init?(_ text: String) {
    guard text.hasPrefix(Self.root + ".") else { return nil }
    let parts = text.dropFirst(Self.root.count + 1)
      .split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[3].utf8.count == 3, let version = decimal(parts[3].utf8),
      let made = CertificateIdentifier(
        anyIssuer: String(parts[1]), type: String(parts[0]), serial: String(parts[2]),
        version: version),
      String(made.check) == parts[4]
    else { return nil }
    self = made
  }

  private init?(anyIssuer issuer: String, type: String, serial: String, version: Int) {
    let isDivision = issuer.utf8.count == 6 && issuer.utf8.allSatisfy(isDigit)
    guard Self.isType(type), isDivision || Self.isCreditCode(issuer),
      (1...Self.serialCharactersMax).contains(serial.utf8.count), (1...999).contains(version),
      let check = CheckCharacters.mod37Radix36(
        of: Array((type + issuer + serial + padded(version, to: 3)).utf8))
    else { return nil }
    self.type = type
    self.issuer = issuer
    self.serial = serial
    self.version = version
    self.check = Character(Unicode.Scalar(check))
  }

  /// The identifier as it is written.
  public var text: String {
    let version = padded(self.version, to: 3)
    return "\(Self.root).\(self.type).\(self.issuer).\(self.serial).\(version).\(self.check)"
  }

  /// Whether a text has the form of a unified social credit code: 18 digits and capitals.
  static func isCreditCode(_ text: String) -> Bool {
    text.utf8.count == 18
      && text.utf8.allSatisfy { CheckCharacters.base36Value($0) != nil }
  }

  /// Whether a text has the form of a type code: a credit code and three digits.
  static func isType(_ text: String) -> Bool {
    text.utf8.count == 21 && self.isCreditCode(String(text.prefix(18)))
      && text.utf8.suffix(3).allSatisfy(isDigit)
  }

  /// A serial number that nobody can guess: 20 digits and capitals from 16 random bytes, which
  /// favour no character by more than 2⁻²⁴.
  public static func makeSerial(random: some RandomSource) -> String {
    var number = random.bytes(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    var characters: [UInt8] = []
    for _ in 0..<Self.newSerialCharacters {
      characters.append(CheckCharacters.base36Character(Int(number % 36)))
      number /= 36
    }
    return String(decoding: characters, as: UTF8.self)
  }
}

extension CertificateIdentifier: CustomStringConvertible {
  /// The identifier as it is written.
  public var description: String { self.text }
}
