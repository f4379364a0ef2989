/// A round red seal as offices have them: the star, the office's name on an arc above it, and what
/// the seal is for in a line below.
///
/// It is drawn as outlines and lies over the text like ink, so it neither hides what it is set upon
/// nor gets between the words that are read back from a PDF.
public struct Seal: Hashable, Sendable {
  /// The most characters on the arc: more could not be read on a seal of 40 mm.
  public static let nameCharactersMax = 40
  /// The most characters below the star.
  public static let purposeCharactersMax = 10

  /// The office's name, on the arc.
  public let name: String
  /// What the seal is for, such as 户口专用章; may be empty.
  public let purpose: String

  /// A seal. Throws `tooLong` or, without a name, `invalid`.
  public init(name: String, purpose: String) throws(DocumentError) {
    if name.isEmpty { throw .invalid("a seal without a name") }
    try DocumentError.bound("a seal's name", name.count, Self.nameCharactersMax)
    try DocumentError.bound("a seal's purpose", purpose.count, Self.purposeCharactersMax)
    self.name = name
    self.purpose = purpose
  }

  /// A seal of an office by the whole text on it, such as `…派出所户口专用章`: an end that is one of
  /// `purposes` goes below the star.
  public init(text: String, purposes: [String]) throws(DocumentError) {
    let purpose = purposes.first { text.hasSuffix($0) && text.count > $0.count } ?? ""
    try self.init(name: String(text.dropLast(purpose.count)), purpose: purpose)
  }
}
