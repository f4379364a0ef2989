/// One thing of those that follow each other down a page.
public indirect enum Block: Hashable, Sendable {
  /// Paragraphs. Only these are divided between two pages, by lines.
  case text(TextBlock)
  /// Boxes with their labels, one after the other.
  case checkBoxes([CheckBox], TextStyle)
  /// A ruled table or form; divided between its rows.
  case table(Table)
  /// Blocks side by side.
  case columns([Column], gap: Double)
  /// A picture, a code or a seal.
  case figure(Figure, HorizontalPlace)
  /// Blocks with a figure over them, such as a seal over the name of the office. The figure stands
  /// in the middle of `at`, given in parts of the blocks' width and height, and takes no room.
  case stamped([Block], Figure, at: Place)
  /// Blocks that are not divided between two pages.
  case together([Block])
  /// Nothing, millimetres high.
  case space(Double)
  /// A line across.
  case rule(Rule)
  /// The rest begins on a new page.
  case pageBreak

  /// A text in one look.
  public static func text(_ text: String, _ style: TextStyle) -> Block {
    .text(TextBlock(text, style))
  }

  /// A point in parts of a width and a height: 0, 0 is the upper left corner, 1, 1 the lower right.
  public struct Place: Hashable, Sendable {
    /// Part of the width.
    public var x: Double
    /// Part of the height.
    public var y: Double

    /// Parts of width and height.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }
}

/// One of the things that stand side by side.
public struct Column: Hashable, Sendable {
  /// Its part of the width, against the others' parts.
  public var share: Double
  /// What stands in it.
  public var blocks: [Block]
  /// Where it stands if another column is higher.
  public var vertical: VerticalPlace

  /// A column; see the fields.
  public init(_ share: Double, _ blocks: [Block], vertical: VerticalPlace = .top) {
    self.share = share
    self.blocks = blocks
    self.vertical = vertical
  }
}

/// Something drawn that has a size of its own.
public enum Figure: Hashable, Sendable {
  /// A picture in the largest size in `size` that keeps its sides' ratio.
  case picture(Picture, Size)
  /// A QR code; `side` in millimetres with the quiet zone.
  case code(QRCode, side: Double)
  /// A round seal; its diameter in millimetres.
  case seal(Seal, diameter: Double)

  var size: Size {
    switch self {
    case .picture(_, let size): size
    case .code(_, let side): Size(width: side, height: side)
    case .seal(_, let diameter): Size(width: diameter, height: diameter)
    }
  }
}
