public import Documents

/// How papers look.
public enum PaperStyles {
  /// A photo of an identity card: 26 × 32 mm.
  public static let photo = Size(width: 26, height: 32)
  /// A round seal of a police station.
  public static let sealDiameter = 40.0

  /// What a label is filled with.
  public static let shade = Colour(242, 244, 247)
  /// What must not be overlooked.
  public static let warning = Colour(190, 20, 30)

  /// The title of a paper.
  public static let title = TextStyle(.hei, points: 24, isBold: true, alignment: .centre)
    .with(\.tracking, 0.12)
  /// Its number, on the right.
  public static let number = TextStyle(.song, points: 10, alignment: .right)
  /// What a cell says the next one is.
  public static let label = TextStyle(.hei, points: 10, alignment: .centre).with(\.leading, 1.35)
  /// What a person reads.
  public static let value = TextStyle(.song, points: 12).with(\.leading, 1.35)
  /// The same where there is much of it.
  public static let smallValue = TextStyle(.song, points: 10).with(\.leading, 1.35)
  /// Sentences.
  public static let prose = TextStyle(.song, points: 11, alignment: .justified)
    .with(\.indent, 2).with(\.leading, 1.65)
  /// Below a figure.
  public static let caption = TextStyle(.hei, points: 8.5, alignment: .centre)
  /// The name of an office and the day.
  public static let office = TextStyle(.song, points: 12.5, alignment: .centre).with(\.leading, 1.8)
  /// The foot of a page.
  public static let footer = TextStyle(
    .song, points: 9, colour: Colour(90, 90, 90), alignment: .centre)

  /// A cell with what the next one is.
  public static func label(_ text: String, over columns: Int = 1) -> Table.Cell {
    Table.Cell([.text(text, Self.label)], columnSpan: columns, fill: Self.shade)
  }

  /// A cell with what a person reads there.
  public static func value(
    _ text: String, over columns: Int = 1, _ style: TextStyle = Self.value
  ) -> Table.Cell {
    Table.Cell([.text(text, style)], columnSpan: columns)
  }

  /// Everything on one page: type shrinks for the longest addresses that there may be.
  public static func onePage(_ page: PageFormat, _ blocks: [Block]) -> Frame {
    Frame(
      Area(
        x: page.sideMargin, y: page.topMargin, width: page.size.width - 2 * page.sideMargin,
        height: page.size.height - page.topMargin - page.bottomMargin),
      blocks, shrinksTo: 0.5)
  }
}
