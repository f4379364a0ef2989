/// Tables of a page.
enum PageTable {
  /// A row of cells, each with its class (empty for none).
  static func row(_ cells: [(text: String, kind: String)]) -> Markup {
    .tag(
      "tr", [:],
      cells.map { cell in
        cell.kind.isEmpty
          ? .tag("td", text: cell.text) : .tag("td", ["class": cell.kind], text: cell.text)
      })
  }

  /// A table with a heading; from a column on they hold numbers, which stand on the right.
  static func table(
    _ heading: [String], numbersFrom first: Int = .max, _ rows: [Markup]
  ) -> Markup {
    let cells = heading.enumerated().map { index, text in
      index < first ? Markup.tag("th", text: text) : .tag("th", ["class": "n"], text: text)
    }
    let isBare = heading.allSatisfy(\.isEmpty)
    let head = isBare ? [] : [Markup.tag("thead", [:], [.tag("tr", [:], cells)])]
    return .tag(
      "div", ["class": "wide"], [.tag("table", [:], head + [.tag("tbody", [:], rows)])])
  }
}
