/// A mobile number of the mainland: eleven digits, the first 1, the second 3 to 9.
///
/// Printing one shows the masked form; `text` is the full number.
public struct PhoneNumber: Hashable, Sendable {
  /// The eleven digits.
  public let text: String

  /// The number written in `raw`, or what is wrong with it. Full-width digits and a leading `+86`
  /// are taken as what they mean.
  public static func check(_ raw: String) -> Result<PhoneNumber, Defects> {
    if TextRules.isBlank(raw) { return .failure(Defects([.fieldMissing])) }
    var text = TextRules.narrowed(raw)
    if text.hasPrefix("+86") { text.removeFirst(3) }
    let bytes = Array(text.utf8)
    var reasons: [DefectReason] = []
    if TextRules.hasControlCharacter(text) { reasons.append(.textControlCharacter) }
    let isMobile =
      bytes.count == 11 && bytes.allSatisfy(isDigit) && bytes[0] == UInt8(ascii: "1")
      && bytes[1] >= UInt8(ascii: "3")
    if !isMobile { reasons.append(.phoneInvalid) }
    return reasons.isEmpty ? .success(PhoneNumber(text: text)) : .failure(Defects(reasons))
  }

  /// The first three and the last four digits.
  public var masked: String {
    Masking.middle(of: self.text, keepingFirst: 3, last: 4)
  }
}

extension PhoneNumber: CustomStringConvertible {
  /// The masked form.
  public var description: String { self.masked }
}

extension PhoneNumber: CustomReflectable {
  /// The masked form, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["masked": self.masked]) }
}
