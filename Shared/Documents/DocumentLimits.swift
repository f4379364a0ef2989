/// The bounds of a document. Each is more than any paper of ours needs, and small enough that none
/// can take a process down.
public enum DocumentLimits {
  /// The most Unicode scalars in one text block.
  public static let textScalarsMax = 10_000
  /// The most Unicode scalars in a document.
  public static let documentScalarsMax = 50_000
  /// The most blocks in a document, those in cells and columns among them.
  public static let blocksMax = 4_000
  /// How deep blocks may stand in blocks.
  public static let depthMax = 8
  /// The most cells in a table.
  public static let cellsMax = 2_000
  /// The most columns in a table.
  public static let columnsMax = 24
  /// The most pages.
  public static let pagesMax = 20
  /// The longest side of a page or an area, in millimetres.
  public static let sideMax = 420.0
  /// The most figures in a document.
  public static let figuresMax = 20
  /// The most pixels of a PNG.
  public static let pngPixelsMax = 24_000_000
}
