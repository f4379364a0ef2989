package import DomainModel
import Foundation

/// Prints for people, or JSON for programs: one object a line.
package struct Output {
  package let json: Bool

  /// For people, or for programs.
  package init(json: Bool) {
    self.json = json
  }

  /// Prints an object as JSON, or the sentence that says the same; into a pipe too at once, for
  /// whoever reads along.
  package func show(_ object: some Encodable, _ sentence: @autoclosure () -> String) throws {
    defer { fflush(nil) }
    guard self.json else {
      print(sentence())
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    print(String(decoding: try encoder.encode(object), as: UTF8.self))
  }

  /// Prints a text as it is, and at once: what is said on standard error later stands after it.
  package func text(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
  }

  /// Says on standard error why a service refused: the code, the sentence, every violation.
  package func refusal(_ error: ServiceError) {
    var lines = ["\(error.reason.isEmpty ? "\(error.code)" : error.reason): \(error.message)"]
    lines += error.metadata.sorted { $0.key < $1.key }.map { "  \($0.key) = \($0.value)" }
    lines += error.violations.map {
      "  \($0.field): \($0.reason): \($0.english) \($0.chinese)"
    }
    self.failure(lines.joined(separator: "\n"))
  }

  /// Says on standard error what went wrong.
  package func failure(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// An instant as people in Zhejiang read it: 2026-11-21 20:39:36.
package func local(_ milliseconds: Int64) -> String {
  guard milliseconds > 0 else { return "-" }
  let instant = Timestamp(milliseconds: milliseconds)
  let day = CivilDate(of: instant)
  let seconds = (milliseconds - day.startOfDay.milliseconds) / 1000
  func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(day.iso) \(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
}

extension Timestamp {
  /// The instant now: in a sandbox, by its clock.
  package static var present: Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
      .adding(milliseconds: (SandboxClock.named?.aheadSeconds ?? 0) * 1000)
  }
}
