public import DomainModel

/// What a QR code on a slip or on a screen says by itself, signed, so that it can be verified where
/// there is no network: the least by which a permit is recognised.
public struct OfflineCode: Hashable, Sendable {
  /// What the code stands on.
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// The electronic permit.
    case permit = 1
    /// 《浙江省居住证确认单》
    case slip = 2
  }

  /// What it says of the permit.
  public struct Face: Hashable, Sendable {
    /// 电子证照标识
    public let identifier: CertificateIdentifier
    /// The masked name: its first character and a star.
    public let maskedName: String
    /// 签发机关: the bureau's code, 12 digits.
    public let bureauCode: String
    /// 签发日期
    public let issuedOn: CivilDate
    /// 有效期截止日期
    public let validToOn: CivilDate
    /// The day from which the permit was suspended when the code was made; nil where it was not.
    public private(set) var suspendedFromOn: CivilDate?

    /// The most bytes of a masked name; a longer one is cut between two of its scalars.
    public static let nameBytesMax = 32

    /// A face. Nil where the bureau's code is not 12 digits, the name is blank or has unseen
    /// characters, or a day lies before 1970.
    public init?(
      _ identifier: CertificateIdentifier, name: String, bureauCode: String,
      issuedOn: CivilDate, validToOn: CivilDate
    ) {
      self.init(
        identifier, maskedName: Self.masked(name), bureauCode: bureauCode, issuedOn: issuedOn,
        validToOn: validToOn)
    }

    /// A face as a code has it.
    init?(
      _ identifier: CertificateIdentifier, maskedName: String, bureauCode: String,
      issuedOn: CivilDate, validToOn: CivilDate
    ) {
      guard isOfficeCode(bureauCode), issuedOn.dayNumber >= 0, validToOn.dayNumber >= 0,
        TextRules.defects(of: maskedName, charactersMax: Self.nameBytesMax).isEmpty
      else { return nil }
      self.identifier = identifier
      self.maskedName = maskedName
      self.bureauCode = bureauCode
      self.issuedOn = issuedOn
      self.validToOn = validToOn
    }

    /// The same face of a permit that is suspended; nil where the day lies before that of issue.
    public func suspended(from day: CivilDate) -> Face? {
      guard day >= self.issuedOn else { return nil }
      var face = self
      face.suspendedFromOn = day
      return face
    }

    /// The masked form within its bound: a first character may have any number of marks.
    private static func masked(_ name: String) -> String {
      var first = String.UnicodeScalarView()
      for scalar in name.prefix(1).unicodeScalars
      where String(first).utf8.count + String(scalar).utf8.count < Self.nameBytesMax {
        first.append(scalar)
      }
      return String(first) + "*"
    }
  }

  /// What the code stands on.
  public let kind: Kind
  /// What it says.
  public let face: Face
  /// When it was made.
  public let madeAt: Timestamp
  /// From when on it says nothing any more.
  public let expiresAt: Timestamp
  /// Which key signs.
  public let keyID: String

  /// What a code's text begins with.
  public static let prefix = "AJ1:"
  /// The longest text of a code, in characters.
  public static let textCharactersMax = 600

  /// A code. Nil where it would expire before it is made, an instant lies before 1970, or the key's
  /// id is no word of 1 to 64 characters.
  public init?(
    _ kind: Kind, _ face: Face, madeAt: Timestamp, expiresAt: Timestamp, keyID: String
  ) {
    let instants = 0..<(Int64(1) << 48)
    guard instants.contains(madeAt.milliseconds), instants.contains(expiresAt.milliseconds),
      madeAt <= expiresAt, isWord(keyID, charactersMax: TrustedKey.idCharactersMax)
    else { return nil }
    self.kind = kind
    self.face = face
    self.madeAt = madeAt
    self.expiresAt = expiresAt
    self.keyID = keyID
  }
}

/// A code with its signature, as the text that stands in a QR code.
public struct SignedCode: Hashable, Sendable {
  /// What is signed.
  public let code: OfflineCode
  /// SM2 with SM3 over `code.signedBytes`, DER.
  public let signature: [UInt8]

  /// A code and its signature, which nothing has checked.
  /// A signature of no bytes or of more than 72 is a broken promise.
  public init(_ code: OfflineCode, signature: [UInt8]) {
    precondition((1...TrustedKey.signatureBytesMax).contains(signature.count), "no signature")
    self.code = code
    self.signature = signature
  }
}

/// Why a text is no code, as far as that can be told without a key.
public enum CodeDefect: Error, Hashable, Sendable {
  /// It does not begin as codes do.
  case notACode
  /// It is longer than a code can be.
  case tooLong
  /// Its end is missing.
  case truncated
  /// It is not as it was made: its check bytes do not fit, or it is followed by something.
  case altered
  /// A field has a value that no code has, though the check bytes fit: nobody made it by accident.
  case fieldWrong(String)
}
