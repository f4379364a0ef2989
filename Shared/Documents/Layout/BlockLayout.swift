/// Measures blocks: from values to pieces with marks. Synchronous, of one rendering.
struct BlockLayout {
  let context: FontContext
  /// What sizes of type are multiplied with.
  var scale = 1.0
  /// What was laid out so far; shared between copies with another scale.
  let tally = Tally()

  final class Tally {
    var counted = Counted()
  }

  struct Counted {
    var blocks = 0
    var figures = 0
    var scalars = 0
  }

  init(_ context: FontContext) {
    self.context = context
  }

  /// The pieces of blocks that follow each other in a width of `width` points.
  func pieces(of blocks: [Block], width: Double, depth: Int = 0) throws(DocumentError) -> [Piece] {
    try DocumentError.bound("blocks in blocks", depth, DocumentLimits.depthMax)
    self.tally.counted.blocks += blocks.count
    try DocumentError.bound(
      "a document's blocks", self.tally.counted.blocks, DocumentLimits.blocksMax)
    var pieces: [Piece] = []
    for block in blocks {
      pieces += try self.pieces(of: block, width: width, depth: depth)
    }
    return pieces
  }

  /// The same as one piece that is not divided.
  func piece(of blocks: [Block], width: Double, depth: Int) throws(DocumentError) -> Piece {
    Piece.stacked(try self.pieces(of: blocks, width: width, depth: depth + 1))
  }

  private func pieces(
    of block: Block, width: Double, depth: Int
  ) throws(DocumentError) -> [Piece] {
    switch block {
    case .text(let text): return try self.lines(of: text, width: width)
    case .checkBoxes(let boxes, let style):
      return try self.lines(of: Self.text(of: boxes, style), width: width)
    case .table(let table):
      return try TableLayout(table, width: width, depth: depth, blocks: self).pieces()
    case .columns(let columns, let gap):
      return [try self.piece(of: columns, gap: gap, width: width, depth: depth)]
    case .figure(let figure, let place):
      let size = Extent(figure.size)
      let room = width - size.width
      let x = place == .left ? 0 : place == .right ? room : room / 2
      return [Piece(height: size.height, marks: [try self.mark(of: figure).moved(by: x, 0)])]
    case .stamped(let blocks, let figure, let at):
      var piece = try self.piece(of: blocks, width: width, depth: depth)
      var mark = try self.mark(of: figure)
      let size = Extent(figure.size)
      mark.isOver = true
      piece.marks.append(
        mark.moved(
          by: at.x * width - size.width / 2, at.y * piece.height - size.height / 2))
      return [piece]
    case .together(let blocks): return [try self.piece(of: blocks, width: width, depth: depth)]
    case .space(let height):
      try DocumentError.bound("a space in mm", height, in: 0...DocumentLimits.sideMax)
      return [Piece(height: Units.points(height))]
    case .rule(let rule):
      try DocumentError.bound("a line's thickness", rule.points, in: 0.1...20)
      let extent = Extent(width, rule.points)
      return [
        Piece(height: rule.points, marks: [Mark(kind: .fill(extent, rule.colour), x: 0, y: 0)])
      ]
    case .pageBreak: return [Piece(height: 0, isPageBreak: true)]
    }
  }

  /// ☑ and ☐ stand in a font that has both, so that they look alike.
  private static func text(of boxes: [CheckBox], _ style: TextStyle) -> TextBlock {
    // A blank that does not break keeps the label beside its box.
    let labels = boxes.map { ($0.isTicked ? "☑" : "☐") + "\u{A0}" + $0.label }
    return TextBlock(labels.joined(separator: "　"), style)
  }

  private func lines(of text: TextBlock, width: Double) throws(DocumentError) -> [Piece] {
    let style = text.style
    try DocumentError.bound("a size of type", style.points, in: 4...96)
    try DocumentError.bound("a leading", style.leading, in: 1...4)
    try DocumentError.bound("a tracking", style.tracking, in: 0...2)
    try DocumentError.bound("an indent", style.indent, in: 0...20)
    let scalars = text.runs.reduce(0) { $0 + $1.text.unicodeScalars.count }
    try DocumentError.bound("a text's characters", scalars, DocumentLimits.textScalarsMax)
    self.tally.counted.scalars += scalars
    try DocumentError.bound(
      "a document's characters", self.tally.counted.scalars, DocumentLimits.documentScalarsMax)
    let layout = try TextLayout(text, width: width, scale: self.scale, in: self.context)
    let size = style.points * self.scale
    let height = size * style.leading
    // Every line is as high as its style says, whichever font a rare character came from. In
    // Chinese type the body of a character begins 0.88 of its size above the baseline.
    let baseline = (height - size) / 2 + 0.88 * size
    var pieces = layout.lines.indices.map { index in
      Piece(
        height: height,
        marks: [Mark(kind: .line(layout, index), x: layout.lines[index].x, y: baseline)])
    }
    if !pieces.isEmpty { pieces[pieces.count - 1].after = Units.points(style.after) }
    return pieces
  }

  private func piece(
    of columns: [Column], gap: Double, width: Double, depth: Int
  ) throws(DocumentError) -> Piece {
    let room = width - Units.points(gap) * Double(columns.count - 1)
    guard let widths = Self.widths(columns.map(\.share), in: room) else {
      throw .invalid("columns of no width")
    }
    var pieces: [Piece] = []
    for (column, width) in zip(columns, widths) {
      pieces.append(try self.piece(of: column.blocks, width: width, depth: depth))
    }
    var whole = Piece(height: pieces.map(\.height).max() ?? 0)
    var x = 0.0
    for (index, piece) in pieces.enumerated() {
      let y = piece.offset(in: whole.height, columns[index].vertical)
      whole.marks += piece.marks.map { $0.moved(by: x, y) }
      x += widths[index] + Units.points(gap)
    }
    return whole
  }

  /// Shares of a width; nil if one of them is nothing.
  static func widths(_ shares: [Double], in width: Double) -> [Double]? {
    let sum = shares.reduce(0, +)
    guard width > 0, sum.isFinite, !shares.isEmpty, shares.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    return shares.map { $0 / sum * width }
  }

  private func mark(of figure: Figure) throws(DocumentError) -> Mark {
    self.tally.counted.figures += 1
    try DocumentError.bound(
      "a document's figures", self.tally.counted.figures, DocumentLimits.figuresMax)
    let size = figure.size
    try DocumentError.bound("a figure's width in mm", size.width, in: 1...DocumentLimits.sideMax)
    try DocumentError.bound("a figure's height in mm", size.height, in: 1...DocumentLimits.sideMax)
    switch figure {
    case .picture(let picture, let size):
      return Mark(kind: .picture(picture, Extent(size)), x: 0, y: 0)
    case .code(let code, let side):
      if side < code.sideMin {
        let module = side / Double(code.width + 2 * QRCode.quietModules)
        throw .codeTooFine(module: Int(module * 100), min: Int(QRCode.moduleMin * 100))
      }
      return Mark(kind: .code(code, side: Units.points(side)), x: 0, y: 0)
    case .seal(let seal, let diameter):
      return Mark(kind: .seal(seal, diameter: Units.points(diameter)), x: 0, y: 0)
    }
  }
}
