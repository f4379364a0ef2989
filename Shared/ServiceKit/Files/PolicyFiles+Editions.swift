public import DomainModel

/// A region's policy in force, and the earlier versions that open cases still keep.
extension PolicyFiles {
  /// The most earlier versions that are read.
  public static let earlierVersionsMax = 100

  /// The policies of a region: `<region>.tsv`, which is in force, comes first; then, by the names
  /// of their files, every `<region>-*.tsv`, the versions before it.
  ///
  /// Throws `ConfigurationError` where two files are of the same version or where there are more
  /// than `earlierVersionsMax`, `PolicyFileError` where a line cannot be read.
  public func policies(of region: String) throws -> [PolicySettings] {
    var policies: [PolicySettings] = []
    var files: [String: String] = [:]
    for file in ["\(region).tsv"] + (try self.earlierVersions(of: region)) {
      let policy = try PolicySettings(text: self.text(file), file: file)
      if let other = files.updateValue(file, forKey: policy.version) {
        throw ConfigurationError(problems: [
          "\(other) and \(file) in \(self.directory) are both version \(policy.version)"
        ])
      }
      policies.append(policy)
    }
    return policies
  }

  private func earlierVersions(of region: String) throws(ConfigurationError) -> [String] {
    let names = try FileText.names(in: self.directory, entriesMax: Self.entriesMax)
      .filter { $0.hasPrefix("\(region)-") && $0.hasSuffix(".tsv") }
    guard names.count <= Self.earlierVersionsMax else {
      throw ConfigurationError(problems: [
        "\(self.directory) has more than \(Self.earlierVersionsMax) files \(region)-*.tsv"
      ])
    }
    return names
  }
}
