/// A table for a terminal: columns as wide as their widest cell, numbers to the right.
struct TextTable {
  /// How a column's cells stand.
  enum Side { case left, right }

  private var rows: [[String]]
  private let sides: [Side]

  /// A table of one heading for each column.
  init(_ columns: [(heading: String, side: Side)]) {
    self.rows = [columns.map { Self.printable($0.heading) }]
    self.sides = columns.map(\.side)
  }

  /// Adds a row of as many cells as there are columns.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == self.sides.count, "a row has a cell for each column")
    self.rows.append(cells.map(Self.printable))
  }

  /// The lines, the heading first, none with spaces at its end.
  var lines: [String] {
    let widths = self.sides.indices.map { column in self.rows.map { $0[column].count }.max() ?? 0 }
    return self.rows.map { row in
      let cells = row.indices.map { column in
        let spaces = String(repeating: " ", count: widths[column] - row[column].count)
        return self.sides[column] == .left ? row[column] + spaces : spaces + row[column]
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// A text without what would move a terminal's cursor or begin a line.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}
