/// The notices (告知书) that applicants read and commit to, by their versions. A version that was ever
/// committed to stays in the file.
public struct NoticeTable: Sendable {
  /// The most versions and paragraphs that a file has.
  public static let linesMax = 1_000

  private var paragraphs: [String: [String]] = [:]

  /// None at all: the region keeps them elsewhere.
  public init() {}

  /// Reads `notices.tsv`; its README describes the form. Throws `PolicyFileError`.
  public init(text: String, file: String = "notices.tsv") throws(PolicyFileError) {
    let parsed = PolicyFile(name: file, text: text)
    if parsed.rows.count > Self.linesMax {
      throw parsed.error("has more than \(Self.linesMax) lines")
    }
    for row in parsed.rows {
      try row.require(fields: 2)
      let version = try row.text(0, "version")
      self.paragraphs[version, default: []].append(try row.text(1, "paragraph"))
    }
  }

  /// A notice, its paragraphs apart by line breaks; nil where it is not here.
  public func text(of version: String) -> String? {
    self.paragraphs[version]?.joined(separator: "\n")
  }
}
