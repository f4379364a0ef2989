/// Everything drawn on one page. Points, from the page's upper left corner.
struct PageMarks {
  var marks: [Mark] = []
}

/// Divides a document into pages.
struct PageLayout {
  private let document: Document
  private let layout: BlockLayout
  private let extent: Extent
  private let top: Double
  private let side: Double
  private let room: Extent

  init(_ document: Document, in context: FontContext) throws(DocumentError) {
    let page = document.page
    let sides = 20...DocumentLimits.sideMax
    try DocumentError.bound("a page's width in mm", page.size.width, in: sides)
    try DocumentError.bound("a page's height in mm", page.size.height, in: sides)
    let margins = [page.sideMargin * 2, page.topMargin + page.bottomMargin]
    guard page.sideMargin >= 0, page.topMargin >= 0, page.bottomMargin >= 0,
      margins[0] < page.size.width, margins[1] < page.size.height
    else { throw .invalid("margins that leave no room") }
    self.document = document
    self.layout = BlockLayout(context)
    self.extent = Extent(page.size)
    self.top = Units.points(page.topMargin)
    self.side = Units.points(page.sideMargin)
    self.room = Extent(
      self.extent.width - Units.points(margins[0]), self.extent.height - Units.points(margins[1]))
  }

  /// The pages, at least one.
  func pages() throws(DocumentError) -> [PageMarks] {
    var pages = try self.flowed()
    for frame in self.document.frames { pages[0].marks += try self.marks(of: frame) }
    if let footer = self.document.footer {
      for index in pages.indices {
        pages[index].marks += try self.marks(of: footer, page: index + 1, of: pages.count)
      }
    }
    return pages
  }

  private func flowed() throws(DocumentError) -> [PageMarks] {
    let pieces = try self.layout.pieces(of: self.document.blocks, width: self.room.width)
    var pages = [PageMarks()]
    var y = 0.0
    for piece in pieces {
      if piece.height > self.room.height { throw .doesNotFit("a block higher than a page") }
      // A hundredth of a point is what adding up heights may lose.
      if piece.isPageBreak || y + piece.height > self.room.height + 0.01 {
        pages.append(PageMarks())
        try DocumentError.bound("a document's pages", pages.count, DocumentLimits.pagesMax)
        y = 0
      }
      let down = self.top + y
      pages[pages.count - 1].marks += piece.marks.map { $0.moved(by: self.side, down) }
      y += piece.height + piece.after
    }
    return pages
  }

  /// A frame's content in the largest type that fits.
  private func marks(of frame: Frame) throws(DocumentError) -> [Mark] {
    try DocumentError.bound("a frame's smallest factor", frame.shrinksTo, in: 0.4...1)
    let extent = Extent(frame.area.size)
    var layout = self.layout
    let before = layout.tally.counted
    while true {
      // Only the try that is drawn counts.
      layout.tally.counted = before
      let piece = Piece.stacked(try layout.pieces(of: frame.blocks, width: extent.width))
      if piece.height <= extent.height + 0.01 {
        let x = Units.points(frame.area.x)
        let y = Units.points(frame.area.y) + piece.offset(in: extent.height, frame.vertical)
        return piece.marks.map { $0.moved(by: x, y) }
      }
      if layout.scale <= frame.shrinksTo { throw .doesNotFit("what stands in a frame") }
      layout.scale = max(frame.shrinksTo, layout.scale - 0.05)
    }
  }

  private func marks(of footer: Footer, page: Int, of count: Int) throws(DocumentError) -> [Mark] {
    let text = footer.text.replacing("{page}", with: "\(page)")
      .replacing("{pages}", with: "\(count)")
    let piece = Piece.stacked(
      try self.layout.pieces(of: [.text(text, footer.style)], width: self.room.width))
    let below = self.extent.height - self.top - self.room.height
    let y = self.top + self.room.height + (below - piece.height) / 2
    return piece.marks.map { $0.moved(by: self.side, y) }
  }
}
