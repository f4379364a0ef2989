/// Rules that hold for any text a person fills in.
public enum TextRules {
  /// What is wrong with a text: empty where it is needed, more than `charactersMax` Unicode
  /// scalars, or a control character. Blanks alone count as nothing.
  public static func defects(
    of text: String, charactersMax: Int, isRequired: Bool = true
  ) -> [DefectReason] {
    var reasons: [DefectReason] = []
    if isRequired && Self.isBlank(text) { reasons.append(.fieldMissing) }
    if text.unicodeScalars.count > charactersMax { reasons.append(.textTooLong) }
    if Self.hasControlCharacter(text) { reasons.append(.textControlCharacter) }
    return reasons
  }

  /// Whether a text shows nothing: it is empty or white space.
  public static func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  /// Whether a text holds a character that is not to be seen and changes how the rest is read: a
  /// control character (NUL, tab and line breaks among them), a line or paragraph separator, or one
  /// that turns the direction of writing. Such characters make two different texts look alike.
  public static func hasControlCharacter(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      // Nearly every character is one of these, and needs no look into the tables.
      if Self.isPlain(scalar) { return false }
      return switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
      case .format: !Self.isVariationSelector(scalar)
      default: false
      }
    }
  }

  /// ASCII that is seen, or one of the unified ideographs of Unicode's first block of them.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    (0x20...0x7E).contains(scalar.value) || (0x4E00...0x9FFF).contains(scalar.value)
  }

  /// Whether a scalar chooses among the written forms of the ideograph before it.
  static func isVariationSelector(_ scalar: Unicode.Scalar) -> Bool {
    (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value)
  }

  /// ASCII in place of full-width digits and letters (U+FF10…, U+FF21…, U+FF41…, `＋`, `－`); the
  /// rest untouched.
  static func narrowed(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: Self.isWide) else { return text }
    var narrow = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      narrow.append(
        Self.isWide(scalar)
          ? Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0)) : scalar)
    }
    return String(narrow)
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    (0xFF01...0xFF5E).contains(scalar.value)
  }
}
