/// One setting as it is documented: the tables in the READMEs are printed from these rows.
public struct SettingRow: Hashable, Sendable {
  /// The key in a file, such as `intake.listen.port`.
  public let key: String
  /// The value that holds where nobody sets it.
  public let defaultText: String
  /// What it means, with unit and bounds.
  public let meaning: String

  /// The variable in the environment, such as `INTAKE_LISTEN_PORT`.
  public var variable: String {
    String(self.key.uppercased().map { $0 == "." ? "_" : $0 })
  }

  /// The rows as a table in Markdown.
  public static func table(_ rows: [SettingRow]) -> String {
    var lines = ["| setting | in the environment | default | meaning |", "|---|---|---|---|"]
    for row in rows {
      let shown = row.defaultText.isEmpty ? "(empty)" : "`\(row.defaultText)`"
      lines.append("| `\(row.key)` | `\(row.variable)` | \(shown) | \(row.meaning) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
