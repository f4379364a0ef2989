/// A person's name as the identity card writes it: 1 to 50 characters, rare ones beyond the basic
/// plane and the middle dot of minority names among them.
///
/// The middle dot is written `·` whichever of its look-alikes came in; nothing else is changed, so
/// that the permit shows the name that the person has. Printing one shows the masked form.
public struct PersonName: Hashable, Sendable {
  /// The most Unicode scalars a name has.
  public static let charactersMax = 50

  /// The name.
  public let text: String

  /// The name written in `raw`, or everything that is wrong with it.
  public static func check(_ raw: String) -> Result<PersonName, Defects> {
    if TextRules.isBlank(raw) { return .failure(Defects([.fieldMissing])) }
    let text = Self.withOneMiddleDot(raw)
    var reasons: [DefectReason] = []
    if text.unicodeScalars.count > Self.charactersMax { reasons.append(.nameTooLong) }
    if TextRules.hasControlCharacter(text) { reasons.append(.textControlCharacter) }
    if !text.unicodeScalars.allSatisfy(Self.isOfNames) { reasons.append(.nameCharacters) }
    let parts = text.unicodeScalars.split(separator: "·", omittingEmptySubsequences: false)
    if parts.contains(where: \.isEmpty) { reasons.append(.nameMiddleDot) }
    return reasons.isEmpty ? .success(PersonName(text: text)) : .failure(Defects(reasons))
  }

  private static func withOneMiddleDot(_ raw: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in raw.unicodeScalars {
      switch scalar {
      case "•", "‧", "・", "．": scalars.append("·")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// Letters of any script, the marks that go with them, 〇, and the middle dot. Planes two and
  /// three hold ideographs only and grow faster than the tables of a standard library. Control
  /// characters have their own defect.
  private static func isOfNames(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "·" || scalar == "〇" || TextRules.isVariationSelector(scalar) { return true }
    if (0x20000...0x3FFFD).contains(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark:
      return true
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// The first character and a star, however long the name is.
  public var masked: String { Self.masked(self.text) }

  /// The same of a name that was stored, whatever the rules for names were then.
  public static func masked(_ stored: String) -> String { "\(stored.prefix(1))*" }
}

extension PersonName: CustomStringConvertible {
  /// The masked form.
  public var description: String { self.masked }
}

extension PersonName: CustomReflectable {
  /// The masked form, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["masked": self.masked]) }
}
