/// A citizen identity number (公民身份号码, GB 11643-1999): six digits of the place of *first*
/// registration, the birth date, three digits of sequence (odd for men), a check character.
///
/// The address code is never compared with today's divisions: numbers carry codes that were
/// abolished since, and say nothing about where a person's hukou is now.
///
/// Printing one shows the masked form only; `text` is the full number.
public struct CitizenID: Hashable, Sendable {
  /// Which scheme the address code belongs to.
  public enum Origin: Hashable, Sendable, CaseIterable {
    /// The mainland: 110000 to 659999.
    case mainland
    /// Residents of Hong Kong: 810000 (国办发〔2018〕81号).
    case hongKong
    /// Residents of Macau: 820000.
    case macau
    /// Residents of Taiwan: 830000.
    case taiwan
    /// Foreign permanent residents: a first digit of 9.
    case foreigner
  }

  /// Every scheme there is, for numbers that say who somebody is and not what he may have.
  public static let anyOrigin = Set(Origin.allCases)

  /// How many characters a number has.
  public static let length = 18

  /// The 18 characters, in ASCII, X as a capital.
  public let text: String
  /// The birth date.
  public let birthDate: CivilDate
  /// The sex.
  public let sex: Sex
  /// The scheme the number belongs to.
  public let origin: Origin

  /// The number written in `raw`, or everything that is wrong with it.
  ///
  /// Full-width digits and a small or full-width x are taken as what they mean. `today` bounds the
  /// birth date. A number of an origin not in `origins` has the defect `citizenIDNotMainland`: its
  /// holder has another document and is sent to it (Zhejiang Regulation, Art. 38).
  public static func check(
    _ raw: String, on today: CivilDate, from origins: Set<Origin> = [.mainland]
  ) -> Result<CitizenID, Defects> {
    if TextRules.isBlank(raw) { return .failure(Defects([.fieldMissing])) }
    let (small, large) = (UInt8(ascii: "x"), UInt8(ascii: "X"))
    let bytes = TextRules.narrowed(raw).utf8.map { $0 == small ? large : $0 }
    let text = String(decoding: bytes, as: UTF8.self)
    if bytes.count == 15 && bytes.allSatisfy(isDigit) {
      return .failure(Defects([.citizenIDObsolete]))
    }
    var reasons = Self.shapeDefects(of: text, bytes)
    guard bytes.count == Self.length else { return .failure(Defects(reasons)) }

    // Each part that can be read is judged, even where another cannot.
    let origin = Self.origin(of: bytes)
    if let origin {
      if !origins.contains(origin) { reasons.append(.citizenIDNotMainland) }
    } else if bytes[0..<6].allSatisfy(isDigit) {
      reasons.append(.citizenIDAddressCode)
    }
    let birthDate = Self.birthDate(of: bytes)
    if let birthDate {
      if birthDate > today { reasons.append(.citizenIDBirthInFuture) }
    } else if bytes[6..<14].allSatisfy(isDigit) {
      reasons.append(.citizenIDBirthDate)
    }
    if let check = CheckCharacters.mod11Radix2(of: bytes[0..<17]), Self.isCheck(bytes[17]) {
      if check != bytes[17] { reasons.append(.citizenIDCheckDigit) }
    }
    guard reasons.isEmpty, let origin, let birthDate else { return .failure(Defects(reasons)) }
    let sex: Sex = bytes[16] % 2 == 1 ? .male : .female
    return .success(CitizenID(text: text, birthDate: birthDate, sex: sex, origin: origin))
  }

  private static func shapeDefects(of text: String, _ bytes: [UInt8]) -> [DefectReason] {
    var reasons: [DefectReason] = []
    if text.unicodeScalars.count != 18 { reasons.append(.citizenIDLength) }
    if TextRules.hasControlCharacter(text) { reasons.append(.textControlCharacter) }
    let hasCheck = bytes.last.map(Self.isCheck) ?? false
    if !hasCheck || !bytes.dropLast().allSatisfy(isDigit) { reasons.append(.citizenIDCharacters) }
    return reasons
  }

  private static func isCheck(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "X")
  }

  private static func origin(of bytes: [UInt8]) -> Origin? {
    switch decimal(bytes[0..<6]) {
    case 810_000: .hongKong
    case 820_000: .macau
    case 830_000: .taiwan
    case .some(110_000...659_999): .mainland
    case .some(900_000...): .foreigner
    default: nil
    }
  }

  private static func birthDate(of bytes: [UInt8]) -> CivilDate? {
    guard let year = decimal(bytes[6..<10]), let month = decimal(bytes[10..<12]),
      let day = decimal(bytes[12..<14])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// The first and the last character; the birth date must not show.
  public var masked: String {
    Masking.middle(of: self.text, keepingFirst: 1, last: 1)
  }
}

extension CitizenID: CustomStringConvertible {
  /// The masked form.
  public var description: String { self.masked }
}

extension CitizenID: CustomReflectable {
  /// The masked form, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["masked": self.masked]) }
}
