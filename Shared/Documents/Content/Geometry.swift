/// A width and a height in millimetres.
public struct Size: Hashable, Sendable {
  /// Millimetres.
  public var width: Double
  /// Millimetres.
  public var height: Double

  /// Both in millimetres.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

/// A rectangle in millimetres from the page's upper left corner.
public struct Area: Hashable, Sendable {
  /// From the left.
  public var x: Double
  /// From above.
  public var y: Double
  /// Its size.
  public var size: Size

  /// All in millimetres.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.size = Size(width: width, height: height)
  }
}

/// Where something stands in a height that is larger than it.
public enum VerticalPlace: Hashable, Sendable {
  case top
  case middle
  case bottom
}

/// Where something stands in a width that is larger than it.
public enum HorizontalPlace: Hashable, Sendable {
  case left
  case centre
  case right
}

/// A colour of the screen (sRGB), 0 to 255 each.
public struct Colour: Hashable, Sendable {
  /// Red.
  public var red: UInt8
  /// Green.
  public var green: UInt8
  /// Blue.
  public var blue: UInt8

  /// A colour.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Black.
  public static let black = Colour(0, 0, 0)
  /// White.
  public static let white = Colour(255, 255, 255)
  /// The red of Chinese seals.
  public static let sealRed = Colour(214, 22, 32)
}

/// A ruled line.
public struct Rule: Hashable, Sendable {
  /// Thickness in points.
  public var points: Double
  /// Its colour.
  public var colour: Colour

  /// A line, in points.
  public init(points: Double, colour: Colour = .black) {
    self.points = points
    self.colour = colour
  }
}

/// Something drawn that is no text, in a place of its own.
public enum Shape: Hashable, Sendable {
  /// A rectangle with round corners (radius in millimetres), filled or drawn or both.
  case rectangle(Area, radius: Double = 0, fill: Colour? = nil, line: Rule? = nil)
  /// A band of waves that cross one another, as papers of value have them: `count` lines, each
  /// shifted against the last one.
  case waves(Area, count: Int, line: Rule)
}
