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

  /// A table with a heading; some columns hold numbers, which stand on the right.
  static func table(
    _ heading: [String], numbers: Range<Int> = 0..<0, _ rows: [Markup]
  ) -> Markup {
    let cells = heading.enumerated().map { index, text in
      numbers.contains(index)
        ? Markup.tag("th", ["class": "n"], text: text) : .tag("th", text: text)
    }
    let isBare = heading.allSatisfy(\.isEmpty)
    let head = isBare ? [] : [Markup.tag("thead", [:], [.tag("tr", [:], cells)])]
    return .tag(
      "div", ["class": "wide"], [.tag("table", [:], head + [.tag("tbody", [:], rows)])])
  }
}
