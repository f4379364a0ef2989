/// What is on a paper, as values: no font has been opened and nothing has been measured.
///
/// Lengths are millimetres, sizes of type points. `DocumentRenderer` makes PDF or PNG of it.
public struct Document: Hashable, Sendable {
  /// The title in the PDF's metadata.
  public var title: String
  /// The size of a page and its margins.
  public var page: PageFormat
  /// What lies under the text, on every page.
  public var background: [Shape]
  /// What flows down the pages; empty where frames hold everything.
  public var blocks: [Block]
  /// What stands in a place of its own on the first page, whatever flows.
  public var frames: [Frame]
  /// What stands at the foot of each page.
  public var footer: Footer?

  /// A document; see the fields.
  public init(
    title: String, page: PageFormat = .a4, background: [Shape] = [], blocks: [Block] = [],
    frames: [Frame] = [], footer: Footer? = nil
  ) {
    self.title = title
    self.page = page
    self.background = background
    self.blocks = blocks
    self.frames = frames
    self.footer = footer
  }
}

/// The size of a page and the room that its margins leave, in millimetres.
public struct PageFormat: Hashable, Sendable {
  /// The page's size.
  public var size: Size
  /// Left and right.
  public var sideMargin: Double
  /// Above what flows.
  public var topMargin: Double
  /// Below what flows; the footer stands in it.
  public var bottomMargin: Double

  /// A page; all in millimetres.
  public init(size: Size, sideMargin: Double, topMargin: Double, bottomMargin: Double) {
    self.size = size
    self.sideMargin = sideMargin
    self.topMargin = topMargin
    self.bottomMargin = bottomMargin
  }

  /// A4 upright, with the margins of a form.
  public static let a4 = PageFormat(
    size: Size(width: 210, height: 297), sideMargin: 24, topMargin: 22, bottomMargin: 22)
  /// A5 lying.
  public static let a5Lying = PageFormat(
    size: Size(width: 210, height: 148), sideMargin: 16, topMargin: 12, bottomMargin: 12)
}

/// A part of the first page and what stands in it. Type shrinks until it fits.
public struct Frame: Hashable, Sendable {
  /// Where, from the page's upper left corner.
  public var area: Area
  /// What stands in it.
  public var blocks: [Block]
  /// Where in the area, if there is room.
  public var vertical: VerticalPlace
  /// The smallest factor that sizes of type may be multiplied with, 0.4 to 1. What does not fit
  /// then is `DocumentError.doesNotFit`.
  public var shrinksTo: Double

  /// A frame; see the fields.
  public init(
    _ area: Area, _ blocks: [Block], vertical: VerticalPlace = .top, shrinksTo: Double = 1
  ) {
    self.area = area
    self.blocks = blocks
    self.vertical = vertical
    self.shrinksTo = shrinksTo
  }
}

/// A line of text at the foot of each page, in its bottom margin.
public struct Footer: Hashable, Sendable {
  /// The text; `{page}` stands for the page's number from 1, `{pages}` for how many there are.
  public var text: String
  /// How it is set.
  public var style: TextStyle

  /// A footer.
  public init(_ text: String, style: TextStyle) {
    self.text = text
    self.style = style
  }
}
