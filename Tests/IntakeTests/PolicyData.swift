import DomainModel
import TestSupport

/// The region's data files as the services read them.
enum PolicyData {
  static let rules: Result<RegionRules, any Error> = Result {
    try RegionRules(reading: PolicyTexts.text)
  }

  /// The same with another edition of the policy, in which one setting has another value.
  static func rules(
    version: String, _ key: String, _ value: String
  ) throws -> RegionRules {
    var rules = try Self.rules.get()
    let lines = try PolicyTexts.text("zhejiang.tsv").split(separator: "\n").map { line in
      if line.hasPrefix("version\t") { return "version\t\(version)\ttest" }
      return line.hasPrefix("\(key)\t") ? "\(key)\t\(value)\ttest" : String(line)
    }
    rules.policy = try PolicySettings(text: lines.joined(separator: "\n"))
    return rules
  }
}
