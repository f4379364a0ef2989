/// Citizen identity numbers that nobody has: well-formed, with a check digit computed here by the
/// weights of GB 11643-1999.
public enum CitizenIDs {
  /// The number with these 17 digits.
  public static func number(_ body: String) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(body.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    return body + String(Array("10X98765432")[sum % 11])
  }

  /// The `index`th of 500 women born on 1990-01-01, from 0.
  public static func woman(_ index: Int) -> String {
    let sequence = String(1_000 + 2 * (index % 500)).dropFirst()
    return Self.number("36112119900101" + sequence)
  }
}
