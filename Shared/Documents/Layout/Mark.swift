/// One thing to draw, with its place. Points, from the upper left corner of what it belongs to.
struct Mark {
  enum Kind {
    /// A line of a text; its place is where its baseline begins.
    case line(TextLayout, Int)
    /// A filled rectangle.
    case fill(Extent, Colour)
    /// A rectangle's outline; the line lies half in and half out.
    case outline(Extent, Rule)
    case picture(Picture, Extent)
    case code(QRCode, side: Double)
    case seal(Seal, diameter: Double)
  }

  var kind: Kind
  var x: Double
  var y: Double
  /// Whether it is drawn after everything else on the page, like a stamp.
  var isOver = false

  func moved(by x: Double, _ y: Double) -> Mark {
    var mark = self
    mark.x += x
    mark.y += y
    return mark
  }
}

/// A width and a height in points.
struct Extent: Hashable {
  var width: Double
  var height: Double

  init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }

  init(_ size: Size) {
    self.init(Units.points(size.width), Units.points(size.height))
  }
}

/// A part of a document that is not divided between pages: how high it is and what is drawn in it.
struct Piece {
  var height: Double
  var marks: [Mark] = []
  /// Room before the next piece, left out at a page's end.
  var after = 0.0
  var isPageBreak = false

  /// Pieces one under the other as one, without the room after the last.
  static func stacked(_ pieces: [Piece]) -> Piece {
    var whole = Piece(height: 0)
    var y = 0.0
    for piece in pieces {
      whole.marks += piece.marks.map { $0.moved(by: 0, y) }
      whole.height = y + piece.height
      y += piece.height + piece.after
    }
    return whole
  }

  /// How far down it is moved in a height that may be larger.
  func offset(in height: Double, _ place: VerticalPlace) -> Double {
    let room = max(0, height - self.height)
    return switch place {
    case .top: 0
    case .middle: room / 2
    case .bottom: room
    }
  }
}
