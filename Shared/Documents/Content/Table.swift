/// A ruled table, or a form of labels and values: rows of cells that may span others.
public struct Table: Hashable, Sendable {
  /// The columns' parts of the width, against each other; 1 to 24 of them.
  public var columns: [Double]
  /// The rows from above.
  public var rows: [Row]
  /// The line around the table.
  public var outline: Rule
  /// The lines between its cells.
  public var grid: Rule
  /// Millimetres between a cell's lines and what is in it.
  public var padding: Size

  /// A table; see the fields.
  public init(
    columns: [Double], rows: [Row], outline: Rule = Rule(points: 1.2),
    grid: Rule = Rule(points: 0.5), padding: Size = Size(width: 2, height: 1.4)
  ) {
    self.columns = columns
    self.rows = rows
    self.outline = outline
    self.grid = grid
    self.padding = padding
  }

  /// A row of a table.
  public struct Row: Hashable, Sendable {
    /// The cells from the left, without those that a cell above spans.
    public var cells: [Cell]
    /// The least height in millimetres.
    public var height: Double

    /// A row at least `height` millimetres high.
    public init(_ cells: [Cell], height: Double = 0) {
      self.cells = cells
      self.height = height
    }
  }

  /// A cell of a table.
  public struct Cell: Hashable, Sendable {
    /// What stands in it.
    public var blocks: [Block]
    /// How many columns it takes.
    public var columnSpan: Int
    /// How many rows it takes.
    public var rowSpan: Int
    /// What it is filled with.
    public var fill: Colour?
    /// Where its content stands if the cell is higher.
    public var vertical: VerticalPlace

    /// A cell; see the fields.
    public init(
      _ blocks: [Block], columnSpan: Int = 1, rowSpan: Int = 1, fill: Colour? = nil,
      vertical: VerticalPlace = .middle
    ) {
      self.blocks = blocks
      self.columnSpan = columnSpan
      self.rowSpan = rowSpan
      self.fill = fill
      self.vertical = vertical
    }
  }
}
