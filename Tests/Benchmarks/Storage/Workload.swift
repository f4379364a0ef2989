import DomainModel
import Foundation
import Measuring
import Storage

/// The rows of one durable write, as `rows.txt` lists them. `bare/storage.c` reads the same file.
struct Workload: Sendable {
  /// Where a value comes from.
  enum Source: Sendable {
    case id(String)
    case random(Int)
    case hex(Int)
    case now
    case fixed(SQLValue)
  }

  struct Unreadable: Error {
    let line: String
  }

  private struct Statement: Sendable {
    /// The text between the `?`.
    var pieces: [String]
    var sources: [Source] = []
  }

  private var statements: [Statement] = []
  /// The schema of the write's own table.
  private(set) var schema: [String] = []

  init(_ path: String) throws {
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("#") { continue }
      if line.hasPrefix("! ") {
        self.schema.append(String(line.dropFirst(2)))
      } else if line.hasPrefix(": ") {
        let sources = try line.dropFirst(2).split(separator: " ").map(Self.source)
        self.statements[self.statements.count - 1].sources = sources
      } else {
        self.statements.append(
          Statement(
            pieces: line.split(separator: "?", omittingEmptySubsequences: false).map(String.init)))
      }
    }
    for statement in self.statements
    where statement.pieces.count != statement.sources.count + 1 {
      throw Unreadable(line: statement.pieces.joined(separator: "?"))
    }
  }

  private static func source(_ word: Substring) throws -> Source {
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count > 1 ? String(parts[1]) : ""
    switch (parts[0], Int(rest)) {
    case ("id", _): return .id(rest)
    case ("now", _): return .now
    case ("null", _): return .fixed(.null)
    case ("text", _): return .fixed(.text(rest))
    case ("int", .some(let number)): return .fixed(.integer(Int64(number)))
    case ("bytes", .some(let count)): return .fixed(.bytes([UInt8](repeating: 0x5A, count: count)))
    case ("random", .some(let count)): return .random(count)
    case ("hex", .some(let count)): return .hex(count)
    default: throw Unreadable(line: String(word))
    }
  }

  /// The statements of one write with their values, made before it is timed as the caller's.
  func rows(_ number: Int, _ random: inout SplitMix) -> [SQL] {
    self.statements.map { statement in
      var text = SQL.StringInterpolation(literalCapacity: 200, interpolationCount: 21)
      text.appendLiteral(statement.pieces[0])
      for (source, piece) in zip(statement.sources, statement.pieces.dropFirst()) {
        switch random.value(source, number) {
        case .null: text.appendInterpolation(String?.none)
        case .integer(let value): text.appendInterpolation(value)
        case .text(let value): text.appendInterpolation(value)
        case .bytes(let value): text.appendInterpolation(value)
        }
        text.appendLiteral(piece)
      }
      return SQL(stringInterpolation: text)
    }
  }
}

extension SplitMix {
  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: self.next()) }
  }

  fileprivate mutating func value(_ source: Workload.Source, _ number: Int) -> SQLValue {
    switch source {
    case .fixed(let value): return value
    case .now: return .integer(1_700_000_000_000 + Int64(number))
    case .id(let before):
      var digits = [UInt8](repeating: UInt8(ascii: "0"), count: 26)
      var rest = number
      for place in digits.indices.reversed() {
        digits[place] += UInt8(rest % 10)
        rest /= 10
      }
      return .text(before + String(decoding: digits, as: UTF8.self))
    case .random(let count): return .bytes(self.bytes(count))
    case .hex(let count):
      let text = self.bytes(count).map { byte in
        let digit = byte & 15
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      return .text(String(decoding: text, as: UTF8.self))
    }
  }
}
