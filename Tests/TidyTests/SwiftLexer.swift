/// Enough of Swift's lexer for the rules: what is left of a file without comments, without what
/// stands in literals, and without names in backticks (a test's name is a sentence). What
/// interpolates in a literal is taken for text.
///
/// It works on bytes, because characters are slow in a debug build and the tree is large.
struct SwiftLexer {
  private enum Mode { case code, comment, text }

  private var mode = Mode.code

  static func code(of lines: [String]) -> [String] {
    var lexer = SwiftLexer()
    return lines.map { lexer.code(of: Array($0.utf8)) }
  }

  private mutating func code(of line: [UInt8]) -> String {
    var out: [UInt8] = []
    var index = 0
    while index < line.count {
      switch self.mode {
      case .comment:
        index = self.leave(line, index, at: "*/")
      case .text:
        index = self.leave(line, index, at: "\"\"\"")
      case .code:
        if Self.has(line, "//", at: index) { index = line.count; continue }
        index = self.step(line, index, &out)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private mutating func leave(_ line: [UInt8], _ start: Int, at end: StaticString) -> Int {
    var index = start
    while index < line.count {
      if Self.has(line, end, at: index) {
        self.mode = .code
        return index + end.utf8CodeUnitCount
      }
      index += 1
    }
    return index
  }

  private mutating func step(_ line: [UInt8], _ index: Int, _ out: inout [UInt8]) -> Int {
    if Self.has(line, "\"\"\"", at: index) {
      self.mode = .text
      return index + 3
    }
    if Self.has(line, "/*", at: index) {
      self.mode = .comment
      return index + 2
    }
    if line[index] == UInt8(ascii: "\"") {
      out.append(contentsOf: Array("\"\"".utf8))
      return Self.afterLiteral(line, index + 1)
    }
    if line[index] == UInt8(ascii: "`"),
      let end = line[(index + 1)...].firstIndex(of: UInt8(ascii: "`"))
    {
      out.append(contentsOf: Array("`x`".utf8))
      return end + 1
    }
    out.append(line[index])
    return index + 1
  }

  private static func afterLiteral(_ line: [UInt8], _ start: Int) -> Int {
    var index = start
    while index < line.count {
      if line[index] == UInt8(ascii: "\\") {
        index += 2
      } else if line[index] == UInt8(ascii: "\"") {
        return index + 1
      } else {
        index += 1
      }
    }
    return index
  }

  private static func has(_ line: [UInt8], _ mark: StaticString, at index: Int) -> Bool {
    guard index + mark.utf8CodeUnitCount <= line.count else { return false }
    for offset in 0..<mark.utf8CodeUnitCount where line[index + offset] != mark.utf8Start[offset] {
      return false
    }
    return true
  }
}
