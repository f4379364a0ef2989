/// The names protoc-c 1.4 gives to what it generates.
enum CNames {
  /// `anju.model.v1.Address` is `Anju__Model__V1__Address`.
  static func type(_ fullName: String) -> String {
    fullName.split(separator: ".").map { Self.camel(String($0)) }.joined(separator: "__")
  }

  /// `anju.model.v1.Address` is `anju__model__v1__address`: what its functions begin with.
  static func function(_ fullName: String) -> String {
    fullName.split(separator: ".").map { Self.snake(String($0)) }.joined(separator: "__")
  }

  /// A struct's member, as Swift must write it.
  static func member(_ field: String) -> String {
    let name = Self.keywordFree(field)
    return SwiftNames.reserved.contains(name) ? "`\(name)`" : name
  }

  /// A field's name in C; its count is `n_` and this.
  static func keywordFree(_ field: String) -> String {
    Self.keywords.contains(field) ? field + "_" : field
  }

  /// An underscore before each capital that follows anything but a capital.
  static func snake(_ name: String) -> String {
    var result = ""
    var wasUpper = true
    for character in name {
      if character.isUppercase, !wasUpper { result += "_" }
      wasUpper = character.isUppercase
      result += character.lowercased()
    }
    return result
  }

  private static func camel(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// The words of C++, which protoc-c follows by an underscore.
  private static let keywords: Set<String> = [
    "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
    "class", "compl", "const", "const_cast", "continue", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "explicit", "extern", "false", "float", "for", "friend", "goto",
    "if", "inline", "int", "long", "mutable", "namespace", "new", "not", "not_eq", "operator", "or",
    "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "return", "short",
    "signed", "sizeof", "static", "static_cast", "struct", "switch", "template", "this", "throw",
    "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void",
    "volatile", "wchar_t", "while", "xor", "xor_eq",
  ]
}
