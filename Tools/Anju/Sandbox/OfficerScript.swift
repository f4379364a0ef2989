import ArgumentParser
import DomainModel
import Foundation
import Wire

/// What automatic officers decide, from a file of tab-separated columns:
///
///     who  stage  decision  reasons
///
/// *Who* is a citizen number, an application number, or `*` for everybody; *reasons* are
/// `CODE=text`, with ` | ` between them, or `-`. Of the lines that fit a case and stage, the first
/// opinion takes the first, the second (after a supplement, say) the next one, and so on; after the
/// last, and without any, the officer passes.
struct OfficerScript {
  /// The longest script, in bytes.
  static let bytesMax = 1 << 20

  /// What to sign.
  struct Verdict: Equatable {
    var decision = DecisionName.pass
    var reasons: [ModelV1.Reason] = []
  }

  private struct Line {
    let who: String
    let stage: String
    let verdict: Verdict
  }

  private var lines: [Line] = []

  /// A script by which everybody passes.
  init() {}

  /// Reads a script; throws a sentence with the line's number for the first line that is none.
  init(text: String) throws {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && !line.hasPrefix("#") {
      self.lines.append(try Self.line(line, number: index + 1))
    }
  }

  private static func line(_ text: Substring, number: Int) throws -> Line {
    let columns = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard columns.count == 4 else {
      throw ValidationError("line \(number): four columns are wanted, with tabs between.")
    }
    guard let stage = value(columns[1], of: ApprovalV1.Stage.self), stage != .unspecified else {
      throw ValidationError("line \(number): \(columns[1]) is no stage.")
    }
    guard let decision = DecisionName(rawValue: columns[2]) else {
      throw ValidationError("line \(number): \(columns[2]) is no decision.")
    }
    let reasons = try columns[3] == "-" ? [] : columns[3].components(of: number)
    // A refusal is given the findings that failed.
    guard decision == .refuse || (decision == .pass) == reasons.isEmpty else {
      throw ValidationError("line \(number): a supplement needs reasons, and passing has none.")
    }
    return Line(
      who: columns[0], stage: word(stage), verdict: Verdict(decision: decision, reasons: reasons))
  }

  /// What to sign on the case of somebody with these numbers, at a stage that has had so many
  /// opinions.
  func verdict(on numbers: Set<String>, at stage: ApprovalV1.Stage, after earlier: Int) -> Verdict {
    let fitting = self.lines.filter { line in
      line.stage == word(stage) && (line.who == "*" || numbers.contains(line.who))
    }
    return fitting.dropFirst(earlier).first?.verdict ?? Verdict()
  }
}

extension String {
  /// Reasons as `CODE=text`, with ` | ` between them.
  fileprivate func components(of line: Int) throws -> [ModelV1.Reason] {
    try self.components(separatedBy: " | ").map { reason in
      let parts = reason.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ValidationError("line \(line): \(reason) is not of the form CODE=text.")
      }
      return ModelV1.Reason(code: parts[0], text: parts[1])
    }
  }
}
