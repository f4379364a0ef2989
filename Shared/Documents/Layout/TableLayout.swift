/// Measures a table: its cells' places, its rows' heights, and where it may be divided.
struct TableLayout {
  private struct PlacedCell {
    var row: Int
    var column: Int
    var cell: Table.Cell
    var width: Double
    var content: Piece
  }

  private let table: Table
  private let width: Double
  private let widths: [Double]
  private let blocks: BlockLayout
  private let depth: Int
  private let padding: Extent

  init(
    _ table: Table, width: Double, depth: Int, blocks: BlockLayout
  ) throws(DocumentError) {
    try DocumentError.bound("a table's columns", table.columns.count, DocumentLimits.columnsMax)
    let cells = table.rows.reduce(0) { $0 + $1.cells.count }
    try DocumentError.bound("a table's cells", cells, DocumentLimits.cellsMax)
    guard let widths = BlockLayout.widths(table.columns, in: width) else {
      throw .invalid("a table with a column of no width")
    }
    self.table = table
    self.width = width
    self.widths = widths
    self.blocks = blocks
    self.depth = depth
    self.padding = Extent(table.padding)
  }

  /// One piece for each group of rows that cells span together.
  func pieces() throws(DocumentError) -> [Piece] {
    let cells = try self.placed()
    let heights = self.heights(of: cells)
    var pieces: [Piece] = []
    var first = 0
    while first < heights.count {
      var last = first
      // A cell that reaches further down takes its rows into the group.
      while let end = cells.filter({ $0.row >= first && $0.row <= last })
        .map({ $0.row + $0.cell.rowSpan - 1 }).max(), end > last
      {
        last = end
      }
      pieces.append(self.piece(of: first...last, cells, heights))
      first = last + 1
    }
    return pieces
  }

  /// Each cell in the first free place of its row.
  private func placed() throws(DocumentError) -> [PlacedCell] {
    let columnCount = self.widths.count
    var isTaken = Array(
      repeating: Array(repeating: false, count: columnCount), count: self.table.rows.count)
    var placed: [PlacedCell] = []
    for (row, cells) in self.table.rows.map(\.cells).enumerated() {
      for cell in cells {
        guard let column = isTaken[row].firstIndex(of: false), cell.columnSpan >= 1,
          cell.rowSpan >= 1, column + cell.columnSpan <= columnCount,
          row + cell.rowSpan <= isTaken.count
        else { throw .invalid("a cell out of its table") }
        for taken in row..<(row + cell.rowSpan) {
          for place in column..<(column + cell.columnSpan) {
            if isTaken[taken][place] { throw .invalid("a cell over another") }
            isTaken[taken][place] = true
          }
        }
        let width = self.widths[column..<(column + cell.columnSpan)].reduce(0, +)
        let content = try self.blocks.piece(
          of: cell.blocks, width: width - 2 * self.padding.width, depth: self.depth)
        placed.append(
          PlacedCell(row: row, column: column, cell: cell, width: width, content: content))
      }
    }
    if isTaken.contains(where: { $0.contains(false) }) {
      throw .invalid("a table with a hole")
    }
    return placed
  }

  private func heights(of cells: [PlacedCell]) -> [Double] {
    var heights = self.table.rows.map { Units.points($0.height) }
    // The cells of one row first: those that span share what is there.
    for cell in cells.sorted(by: { $0.cell.rowSpan < $1.cell.rowSpan }) {
      let rows = cell.row..<(cell.row + cell.cell.rowSpan)
      let missing = cell.content.height + 2 * self.padding.height - heights[rows].reduce(0, +)
      if missing <= 0 { continue }
      for row in rows { heights[row] += missing / Double(rows.count) }
    }
    return heights
  }

  private func piece(
    of rows: ClosedRange<Int>, _ cells: [PlacedCell], _ heights: [Double]
  ) -> Piece {
    var piece = Piece(height: heights[rows].reduce(0, +))
    var grid: [Mark] = []
    for cell in cells where rows.contains(cell.row) {
      let x = self.widths[..<cell.column].reduce(0, +)
      let y = heights[rows.lowerBound..<cell.row].reduce(0, +)
      let height = heights[cell.row..<(cell.row + cell.cell.rowSpan)].reduce(0, +)
      let extent = Extent(cell.width, height)
      if let fill = cell.cell.fill {
        piece.marks.append(Mark(kind: .fill(extent, fill), x: x, y: y))
      }
      let room = height - 2 * self.padding.height
      let down = y + self.padding.height + cell.content.offset(in: room, cell.cell.vertical)
      piece.marks += cell.content.marks.map { $0.moved(by: x + self.padding.width, down) }
      grid.append(Mark(kind: .outline(extent, self.table.grid), x: x, y: y))
    }
    piece.marks += grid + self.outline(of: rows, height: piece.height)
    return piece
  }

  /// The sides of the table along a group of rows, and its ends where the group is one.
  private func outline(of rows: ClosedRange<Int>, height: Double) -> [Mark] {
    let rule = self.table.outline
    let half = rule.points / 2
    func fill(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Mark {
      Mark(kind: .fill(Extent(width, height), rule.colour), x: x, y: y)
    }
    var marks = [
      fill(-half, -half, rule.points, height + rule.points),
      fill(self.width - half, -half, rule.points, height + rule.points),
    ]
    if rows.lowerBound == 0 { marks.append(fill(-half, -half, self.width, rule.points)) }
    if rows.upperBound == self.table.rows.count - 1 {
      marks.append(fill(-half, height - half, self.width, rule.points))
    }
    return marks
  }
}
