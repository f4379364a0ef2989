/// What a provider has agreed with us about SMPP.
package struct SMPPAccount: Hashable, Sendable {
  /// The account's name, at most 15 bytes.
  package var system: String
  /// Its password, at most 8 bytes.
  package var password: String
  /// At most 12 bytes; mostly empty.
  package var systemType = ""
  /// At most 5 bytes; mostly empty.
  package var serviceType = ""
  /// The number that messages come from.
  package var source = SMPPAddress()
  /// What stands before the eleven digits of a phone: `86` in international form.
  package var numberPrefix = "86"
  /// The kind of number that results: 1 international, 2 national, 0 unknown.
  package var numberKind: UInt8 = 1
  /// How the provider writes a message's id in its answers and in its receipts.
  package var ids = SMPPMessageIDs.same

  /// An account.
  package init(system: String, password: String) {
    self.system = system
    self.password = password
  }
}

/// How a provider writes the id of a message. Some write one number in two ways: hexadecimal in the
/// answer to a submit and decimal in the receipt, or the other way around. Both become the decimal
/// form here.
package enum SMPPMessageIDs: String, Hashable, Sendable, CaseIterable {
  /// The same text in both places.
  case same
  /// Hexadecimal in answers, decimal in receipts.
  case hexThenDecimal = "hex-then-decimal"
  /// Decimal in answers, hexadecimal in receipts.
  case decimalThenHex = "decimal-then-hex"

  /// The id that an answer to a submit names.
  package func ofAnswer(_ text: String) -> String {
    switch self {
    case .same: Self.plain(text)
    case .hexThenDecimal: Self.number(text, radix: 16)
    case .decimalThenHex: Self.number(text, radix: 10)
    }
  }

  /// The id that a receipt's text names.
  package func ofReceipt(_ text: String) -> String {
    switch self {
    case .same: Self.plain(text)
    case .hexThenDecimal: Self.number(text, radix: 10)
    case .decimalThenHex: Self.number(text, radix: 16)
    }
  }

  /// A number without its leading zeroes, which some write in receipts only; any other text as it
  /// stands.
  private static func plain(_ text: String) -> String {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return text }
    let rest = text.drop { $0 == "0" }
    return rest.isEmpty ? "0" : String(rest)
  }

  /// The number in decimal; a text that is none, or more than 64 bits, as it stands.
  private static func number(_ text: String, radix: Int) -> String {
    UInt64(text, radix: radix).map { String($0) } ?? text
  }
}
