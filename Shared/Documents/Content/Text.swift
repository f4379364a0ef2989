/// One of the two kinds of Chinese type.
public enum Typeface: Hashable, Sendable, CaseIterable {
  /// 宋体: what papers are set in.
  case song
  /// 黑体: headings and labels.
  case hei
}

/// How lines stand in their width.
public enum TextAlignment: Hashable, Sendable {
  case left
  case centre
  case right
  /// Both edges are even; a paragraph's last line stands left.
  case justified
  /// Both edges are even in every line: labels of forms, such as 姓　　名.
  case spread
}

/// How a text is set.
public struct TextStyle: Hashable, Sendable {
  /// Which type.
  public var typeface: Typeface
  /// The size in points, 4 to 96.
  public var points: Double
  /// Whether it is bold.
  public var isBold: Bool
  /// Its colour.
  public var colour: Colour
  /// How lines stand.
  public var alignment: TextAlignment
  /// How far the first line of each paragraph is moved in, in characters; 2 in Chinese prose.
  public var indent: Double
  /// From line to line, in sizes of type, 1 to 4.
  public var leading: Double
  /// Room between characters, in sizes of type, 0 to 2.
  public var tracking: Double
  /// Room after the text, in millimetres.
  public var after: Double

  /// A style; see the fields.
  public init(
    _ typeface: Typeface = .song, points: Double = 10.5, isBold: Bool = false,
    colour: Colour = .black, alignment: TextAlignment = .left
  ) {
    self.typeface = typeface
    self.points = points
    self.isBold = isBold
    self.colour = colour
    self.alignment = alignment
    self.indent = 0
    self.leading = 1.5
    self.tracking = 0
    self.after = 0
  }

  /// The same with one thing changed, so that a style is made in one expression.
  public func with<Value>(_ path: WritableKeyPath<TextStyle, Value>, _ value: Value) -> TextStyle {
    var style = self
    style[keyPath: path] = value
    return style
  }
}

/// A part of a text that looks different from the rest.
public struct TextRun: Hashable, Sendable {
  /// The text; a line feed begins a new paragraph.
  public var text: String
  /// Bold or not; nil as the whole text is.
  public var isBold: Bool?
  /// Its colour; nil that of the whole text.
  public var colour: Colour?

  /// A run of text.
  public init(_ text: String, isBold: Bool? = nil, colour: Colour? = nil) {
    self.text = text
    self.isBold = isBold
    self.colour = colour
  }
}

/// One or more paragraphs of one style.
public struct TextBlock: Hashable, Sendable {
  /// The parts, one after the other.
  public var runs: [TextRun]
  /// How they are set.
  public var style: TextStyle

  /// A text in one look.
  public init(_ text: String, _ style: TextStyle) {
    self.init(runs: [TextRun(text)], style)
  }

  /// A text whose parts differ.
  public init(runs: [TextRun], _ style: TextStyle) {
    self.runs = runs
    self.style = style
  }

  var text: String { self.runs.map(\.text).joined() }
}

/// One choice of a row of boxes, ticked or not. It is text, so that it can be read back: ☑ or ☐.
public struct CheckBox: Hashable, Sendable {
  /// What is chosen by it.
  public var label: String
  /// Whether it is ticked.
  public var isTicked: Bool

  /// A box and its label.
  public init(_ label: String, isTicked: Bool) {
    self.label = label
    self.isTicked = isTicked
  }
}
