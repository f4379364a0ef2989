import DomainModel
import Foundation
import IntakeCore
import Testing

/// The region's data files as the services read them.
enum PolicyData {
  static let rules: Result<IntakeAssembly.Rules, any Error> = Result {
    let divisions = try DivisionTable(text: Self.text("divisions.tsv"))
    return IntakeAssembly.Rules(
      divisions: divisions,
      offices: try OfficeTable(text: Self.text("offices.tsv"), divisions: divisions),
      calendar: try WorkingDayCalendar(text: Self.text("calendar.tsv")),
      policy: try PolicySettings(text: Self.text("zhejiang.tsv")))
  }

  /// The same with another edition of the policy, in which one setting has another value.
  static func rules(version: String, _ key: String, _ value: String) throws
    -> IntakeAssembly.Rules
  {
    var rules = try Self.rules.get()
    let lines = try Self.text("zhejiang.tsv").split(separator: "\n").map { line in
      if line.hasPrefix("version\t") { return "version\t\(version)\ttest" }
      return line.hasPrefix("\(key)\t") ? "\(key)\t\(value)\ttest" : String(line)
    }
    rules.policy = try PolicySettings(text: lines.joined(separator: "\n"))
    return rules
  }

  /// A file of `Services/Policy`.
  static func text(_ name: String) throws -> String {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let data = try Data(contentsOf: folder.appendingPathComponent("Services/Policy/\(name)"))
    return String(decoding: data, as: UTF8.self)
  }
}
