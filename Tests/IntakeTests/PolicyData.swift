import DomainModel
import TestSupport
import Testing

/// The region's data files as the services read them.
enum PolicyData {
  static let rules: Result<RegionRules, any Error> = Result {
    try RegionRules(reading: PolicyTexts.text)
  }

  static let servicePoints: Result<ServicePointTable, any Error> = Result {
    let region = try Self.rules.get()
    return try ServicePointTable(
      text: PolicyTexts.text("service_points.tsv"), divisions: region.divisions,
      offices: region.offices)
  }

  /// The rules of eligibility of a first permit, by the policy's file.
  static func rulesOfFirstPermit() throws -> [String] {
    let kinds = try Self.rules.get().policy.kinds.kinds
    return (kinds[.firstPermit]?.rules ?? []).map(\.rule.rawValue)
  }

  /// The policy until a day, and `zhejiang-2` from that day on.
  static func followed(on date: String) throws -> PolicyEditions {
    let text = try PolicyTexts.text("zhejiang.tsv")
    let before = try #require(CivilDate(iso: date)).adding(days: -1).iso
    let first = text.replacing("in_force_to\t-\t", with: "in_force_to\t\(before)\t")
    let second = text.replacing("in_force_from\t2022-03-07\t", with: "in_force_from\t\(date)\t")
      .replacing("version\tzhejiang-1\t", with: "version\tzhejiang-2\t")
    return try PolicyEditions([
      ("zhejiang-1.tsv", PolicySettings(text: first)),
      ("zhejiang.tsv", PolicySettings(text: second)),
    ])
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
    rules.policy = try PolicySettings(text: lines.joined(separator: "\n"), file: "\(version).tsv")
    return rules
  }
}
