public import DomainModel

/// Makes PDF and PNG of documents. The same document, instant, fonts and libraries give the same
/// bytes, on any thread and any machine.
///
/// Synchronous, and safe to call from many threads at once: each call has fonts' caches of its own.
/// It takes milliseconds, so callers run it on a bounded pool, never on an event loop or a writer.
public struct DocumentRenderer: Sendable {
  /// The fonts.
  public let fonts: DocumentFonts

  /// A renderer with these fonts; see `DocumentFonts.load`.
  public init(_ fonts: DocumentFonts) {
    self.fonts = fonts
  }

  /// The document as PDF 1.5, its text selectable. `createdAt` is what the file says of itself: no
  /// clock is asked.
  public func pdf(
    of document: Document, createdAt: Timestamp
  ) throws(DocumentError) -> [UInt8] {
    let context = try FontContext(self.fonts)
    let pages = try PageLayout(document, in: context).pages()
    let surface = try PDFSurface(size: Extent(document.page.size))
    try surface.describe(title: document.title, fonts: self.fonts.summary, createdAt: createdAt)
    let painter = try Painter(on: surface.pointer, with: context)
    for page in pages {
      try painter.paint(document.background)
      try painter.paint(page)
      try painter.endPage()
    }
    return try surface.finished()
  }

  /// The document's only page as PNG; `dotsPerInch` from 72 to 600. Throws `doesNotFit` for a
  /// document of more than one page.
  public func png(
    of document: Document, dotsPerInch: Double = 200
  ) throws(DocumentError) -> [UInt8] {
    try DocumentError.bound("dots per inch", dotsPerInch, in: 72...600)
    let context = try FontContext(self.fonts)
    let pages = try PageLayout(document, in: context).pages()
    guard pages.count == 1 else { throw .doesNotFit("a document of more than one page") }
    let surface = try PNGSurface(size: Extent(document.page.size), scale: dotsPerInch / 72)
    let painter = try Painter(on: surface.pointer, with: context, scale: dotsPerInch / 72)
    painter.fillPage(.white)
    try painter.paint(document.background)
    try painter.paint(pages[0])
    try painter.check()
    return try surface.finished()
  }
}
