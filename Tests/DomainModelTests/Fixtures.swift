import DomainModel
import Foundation
import Testing

/// A day that a test writes down; a wrong one fails the test and stands for the earliest day.
func day(_ text: String) -> CivilDate {
  guard let date = CivilDate(iso: text) else {
    Issue.record("\(text) is no date")
    return .earliest
  }
  return date
}

/// The text of one of the data files in `Services/Policy`.
func policyText(_ name: String) throws -> String {
  let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  return try String(contentsOf: root.appending(path: "Services/Policy/\(name)"), encoding: .utf8)
}
