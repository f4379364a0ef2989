/// How the contract's names look in Swift.
enum SwiftNames {
  /// The namespace of a package: `anju.intake.v1` is `IntakeV1`, `google.rpc` is `GoogleRpc`.
  static func namespace(_ package: String) -> String {
    var pieces = package.split(separator: ".")
    if pieces.first == "anju" { pieces.removeFirst() }
    return pieces.map { Self.upperCamel(String($0)) }.joined()
  }

  /// `application_id` is `applicationID`; reserved words are escaped.
  static func property(_ name: String) -> String {
    Self.escaped(Self.lowerCamel(name.split(separator: "_").map(String.init)))
  }

  /// `SubmitApplication` is `submitApplication`; a leading run of capitals goes down as a whole.
  static func method(_ name: String) -> String {
    let characters = Array(name)
    var run = characters.prefix { $0.isUppercase }.count
    if run > 1, run < characters.count { run -= 1 }
    return Self.escaped(
      String(characters.prefix(run)).lowercased() + String(characters.dropFirst(run)))
  }

  /// `SEX_FEMALE` in the enum `Sex` is `female`; a value without the enum's prefix keeps its whole
  /// name, and so does one that would begin with a digit.
  static func enumCase(_ value: String, in enumName: String) -> String {
    let prefix = CNames.snake(enumName).uppercased() + "_"
    var name = value
    if value.hasPrefix(prefix), value.dropFirst(prefix.count).first?.isLetter == true {
      name = String(value.dropFirst(prefix.count))
    }
    return Self.escaped(
      Self.lowerCamel(name.lowercased().split(separator: "_").map(String.init)))
  }

  /// `legal_basis` is `LegalBasis`: the enum of a oneof, the piece of a package.
  static func upperCamel(_ name: String) -> String {
    name.split(separator: "_").map { Self.capitalized(String($0)) }.joined()
  }

  /// A message's or enum's own name.
  static func type(_ name: String) -> String {
    Self.reservedTypes.contains(name) ? "`\(name)`" : name
  }

  private static func lowerCamel(_ pieces: [String]) -> String {
    guard let first = pieces.first else { return "" }
    return first + pieces.dropFirst().map { Self.acronyms[$0] ?? Self.capitalized($0) }.joined()
  }

  private static func capitalized(_ piece: String) -> String {
    piece.prefix(1).uppercased() + piece.dropFirst()
  }

  private static func escaped(_ name: String) -> String {
    if Self.unescapable.contains(name) { return name + "_" }
    return Self.reserved.contains(name) ? "`\(name)`" : name
  }

  private static let acronyms = ["id": "ID", "ids": "IDs", "url": "URL"]

  /// Names that backticks do not free.
  static let unescapable: Set<String> = ["init", "self"]

  private static let reservedTypes: Set<String> = ["Any", "Protocol", "Self", "Type"]

  static let reserved: Set<String> = [
    "as", "associatedtype", "async", "await", "break", "case", "catch", "class", "continue",
    "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
    "fileprivate", "for", "func", "guard", "if", "import", "in", "inout", "internal", "is", "let",
    "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows",
    "return", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while",
  ]
}
