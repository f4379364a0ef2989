public import DomainModel

/// The versions of a region's policy: the one in force, those that open cases still keep, and those
/// to come.
extension PolicyFiles {
  /// The most other versions that are read.
  public static let otherVersionsMax = 100

  /// The policies of a region: `<region>.tsv` and every `<region>-*.tsv`. When each is in force, it
  /// says itself.
  ///
  /// Throws `ConfigurationError` where there are more than `otherVersionsMax`, `PolicyFileError`
  /// where a line cannot be read or where two files are not of one region, of different versions
  /// and for different days.
  public func policies(of region: String) throws -> PolicyEditions {
    try PolicyEditions(
      (["\(region).tsv"] + self.otherVersions(of: region)).map { file in
        (file, try PolicySettings(text: self.text(file), file: file))
      })
  }

  private func otherVersions(of region: String) throws(ConfigurationError) -> [String] {
    let names = try FileText.names(in: self.directory, entriesMax: Self.entriesMax)
      .filter { $0.hasPrefix("\(region)-") && $0.hasSuffix(".tsv") }
    guard names.count <= Self.otherVersionsMax else {
      throw ConfigurationError(problems: [
        "\(self.directory) has more than \(Self.otherVersionsMax) files \(region)-*.tsv"
      ])
    }
    return names
  }
}
