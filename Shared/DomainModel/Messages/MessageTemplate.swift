/// One version of a message's text, with placeholders such as `{name}`.
public struct MessageTemplate: Hashable, Sendable {
  /// What kind of news it brings; quiet hours and preferences go by it.
  public enum Class: String, Hashable, Sendable, CaseIterable {
    /// A step on the way.
    case progress
    /// An outcome, or something the person must do; passes quiet hours.
    case result
    /// A date to come.
    case reminder
    /// A code that somebody waits for.
    case verification
  }

  /// Which message it is, such as `permit_issued`.
  public let id: String
  /// 1, 2, …; a text that was sent is never changed.
  public let version: Int
  /// What kind of news it brings.
  public let messageClass: Class
  /// Whether law demands it, so that nobody can switch it off.
  public let isStatutory: Bool
  /// The text, which begins with a signature in 【】.
  public let text: String
  /// The placeholders in it.
  public let placeholders: Set<String>

  private let parts: [Part]

  private enum Part: Hashable, Sendable {
    case text(String)
    case placeholder(String)
  }

  /// A template; nil if its braces do not pair, a placeholder is no word of a–z, 0–9 and `_`, the
  /// signature is missing or has no 2 to 32 characters, or the text has a control character.
  public init?(
    id: String, version: Int, messageClass: Class, isStatutory: Bool, text: String
  ) {
    guard Self.hasSignature(text), !TextRules.hasControlCharacter(text),
      let parts = Self.split(text)
    else { return nil }
    self.id = id
    self.version = version
    self.messageClass = messageClass
    self.isStatutory = isStatutory
    self.text = text
    self.parts = parts
    self.placeholders = Set(
      parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } })
  }

  private static func hasSignature(_ text: String) -> Bool {
    guard text.first == "【", let end = text.firstIndex(of: "】") else { return false }
    let signature = text[text.index(after: text.startIndex)..<end]
    return (2...32).contains(signature.count) && !signature.contains("【")
  }

  private static func split(_ text: String) -> [Part]? {
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { return nil }
      let name = rest[rest.index(after: open)..<close]
      let isWord = name.utf8.allSatisfy {
        isDigit($0) || $0 == UInt8(ascii: "_")
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
      }
      guard isWord, !name.isEmpty else { return nil }
      parts.append(.text(String(rest[..<open])))
      parts.append(.placeholder(String(name)))
      rest = rest[rest.index(after: close)...]
    }
    parts.append(.text(String(rest)))
    return parts
  }

  /// The text with its values in place. Values are taken as they are: braces in one mean nothing.
  ///
  /// Throws `TemplateError` if a value is missing, belongs to no placeholder, is empty or holds a
  /// control character, or if the text would carry an identity number.
  public func render(_ values: [String: String]) throws(TemplateError) -> RenderedMessage {
    let missing = self.placeholders.subtracting(values.keys)
    if !missing.isEmpty { throw .valuesMissing(missing.sorted()) }
    let strangers = Set(values.keys).subtracting(self.placeholders)
    if !strangers.isEmpty { throw .valuesUnknown(strangers.sorted()) }
    let bad = values.filter { TextRules.isBlank($1) || TextRules.hasControlCharacter($1) }
    if !bad.isEmpty { throw .valuesUnfit(bad.keys.sorted()) }
    let text = self.parts.map { part in
      switch part {
      case .text(let text): text
      case .placeholder(let name): values[name] ?? ""
      }
    }.joined()
    if Self.holdsCitizenID(text) { throw .citizenIDInText }
    return RenderedMessage(templateID: self.id, templateVersion: self.version, text: text)
  }

  private static func holdsCitizenID(_ text: String) -> Bool {
    let words = TextRules.narrowed(text).utf8.split { !Self.isOfWords($0) }
    return words.contains { word in
      guard word.count == CitizenID.length else { return false }
      let result = CitizenID.check(
        String(decoding: word, as: UTF8.self), on: .latest, from: CitizenID.anyOrigin)
      if case .success = result { return true }
      return false
    }
  }

  /// Whether a byte is a digit or a letter of ASCII.
  private static func isOfWords(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}

/// A message ready to be sent, and what it was made from.
public struct RenderedMessage: Hashable, Sendable {
  /// Which message it is.
  public let templateID: String
  /// Which version of its text.
  public let templateVersion: Int
  /// The text, with its signature.
  public let text: String
}

/// Why a text was not made: a mistake of the program that asked for it.
public enum TemplateError: Error, Hashable, Sendable {
  /// There is no such template, or not in this version.
  case templateUnknown(String)
  /// Placeholders that got no value.
  case valuesMissing([String])
  /// Values that belong to no placeholder.
  case valuesUnknown([String])
  /// Values that are empty or hold a control character.
  case valuesUnfit([String])
  /// The text would carry a citizen identity number, which no text may.
  case citizenIDInText
}
