/// The folder of calendars, divisions, offices and policies: data that changes with the law and not
/// with the code.
///
/// The pure parsers of `DomainModel` get the text; nothing but this reads the files.
public struct PolicyFiles: Sendable {
  /// The largest file that is read.
  public static let fileBytesMax = 16 << 20
  /// The most entries a folder may have that is listed.
  public static let entriesMax = 1_000

  /// Where the files lie.
  public let directory: String

  /// The files of a folder.
  public init(directory: String) {
    self.directory = directory
  }

  /// The text of one file, such as `calendar.tsv`; throws a sentence that names the path.
  public func text(_ name: String) throws(ConfigurationError) -> String {
    try FileText.read("\(self.directory)/\(name)", bytesMax: Self.fileBytesMax)
  }
}
