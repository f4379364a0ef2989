/// How personal data is shown to those who need not know it. Masked forms may stand in logs, errors
/// and texts; nothing else of a person may.
public enum Masking {
  /// A text with stars in place of all but its first and last characters; all stars if it is too
  /// short to keep anything.
  public static func middle(of text: String, keepingFirst first: Int, last: Int) -> String {
    let characters = Array(text)
    guard characters.count > first + last else {
      return String(repeating: "*", count: characters.count)
    }
    let stars = String(repeating: "*", count: characters.count - first - last)
    return String(characters.prefix(first)) + stars + String(characters.suffix(last))
  }
}
