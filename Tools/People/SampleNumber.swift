/// Numbers of persons who do not exist.
public enum SampleNumber {
  /// A valid citizen number (GB 11643-1999): six digits of a division, a birthday as YYYYMMDD, and
  /// a sequence of 1 to 999, odd for men.
  public static func citizenID(_ division: String, born: String, sequence: Int) -> String {
    let seventeen = division + born + Self.digits(sequence, 3)
    return seventeen + String(Self.checkCharacter(seventeen))
  }

  /// ISO 7064 MOD 11-2.
  private static func checkCharacter(_ seventeen: String) -> Character {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(seventeen.utf8, weights).reduce(0) { $0 + (Int($1.0) - 48) * $1.1 }
    return Array("10X98765432")[sum % 11]
  }

  /// A number with zeroes before it.
  public static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
