/// A font that documents are set in. Its version is part of what a document's bytes depend on.
public struct FontFace: Hashable, Sendable {
  /// The family's name, such as `Noto Serif CJK SC`.
  public let family: String
  /// The cut, such as `Bold`.
  public let style: String
  /// The version that the font's file says it is, such as `2.001`.
  public let version: String
}

/// The families that documents are set in, and where Debian has them.
enum FontFamilies {
  /// 宋体, with the forms of the mainland.
  static let song = "Noto Serif CJK SC"
  /// 黑体.
  static let hei = "Noto Sans CJK SC"
  /// What they lack, in the order in which it is looked for: BabelStone Han has the forms of the
  /// mainland and the newest blocks, Hanazono everything to extension F. Between them is every
  /// character of names, such as 𬎆.
  static let rare = ["BabelStone Han", "HanaMinA", "HanaMinB"]

  static let all = [Self.song, Self.hei] + Self.rare

  static func name(of typeface: Typeface) -> String {
    switch typeface {
    case .song: self.song
    case .hei: self.hei
    }
  }

  /// As pango reads it: the first that has a character is taken.
  static func list(for typeface: Typeface) -> String {
    ([self.name(of: typeface)] + self.rare).joined(separator: ",")
  }

  /// Debian's package of a family.
  static func package(of family: String) -> String {
    switch family {
    case "BabelStone Han": "fonts-babelstone-han"
    case "HanaMinA", "HanaMinB": "fonts-hanazono"
    default: "fonts-noto-cjk"
    }
  }
}
