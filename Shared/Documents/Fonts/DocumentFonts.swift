internal import CCairo

/// The fonts of documents, found once at start. Safe to use from any thread.
///
/// It is a closed list: a font that happens to be on a machine, or a person's own settings, cannot
/// change a document. All of them have to be there; nothing stands in for one.
public final class DocumentFonts: Sendable {
  /// Where fonts are looked for unless told otherwise.
  public static let directories = ["/usr/share/fonts", "/usr/local/share/fonts"]

  /// The fonts, by family and cut.
  public let faces: [FontFace]

  // Immutable once its fonts are known, and fontconfig counts references under a lock.
  nonisolated(unsafe) let configuration: OpaquePointer
  // They belong to the configuration.
  nonisolated(unsafe) private let coverage: [OpaquePointer]

  /// Finds the fonts; reading fontconfig's cache takes milliseconds, without it some seconds.
  /// Throws `fontsMissing` with everything that is missing.
  public static func load(
    from directories: [String] = DocumentFonts.directories
  ) throws(DocumentError) -> DocumentFonts {
    guard let configuration = FcConfigCreate() else {
      throw .library(operation: "font configuration", reason: "no memory")
    }
    // From here on deinit gives it back, also when the fonts are not there.
    return try DocumentFonts(taking: configuration, directories)
  }

  private init(
    taking configuration: OpaquePointer, _ directories: [String]
  ) throws(DocumentError) {
    self.configuration = configuration
    var found: [(face: FontFace, characters: OpaquePointer)] = []
    let wanted = FontConfigurationText.xml(families: FontFamilies.all, directories: directories)
    if FcConfigParseAndLoadFromMemory(configuration, wanted, 1) == 1,
      FcConfigBuildFonts(configuration) == 1
    {
      found = Self.found(in: configuration)
    }
    self.faces = Set(found.map(\.face)).sorted {
      ($0.family, $0.style) < ($1.family, $1.style)
    }
    self.coverage = FontFamilies.all.compactMap { family in
      found.first { $0.face.family == family }?.characters
    }
    let families = Self.missing(among: self.faces)
    if !families.isEmpty {
      var packages: [String] = []
      for package in families.map(FontFamilies.package) where !packages.contains(package) {
        packages.append(package)
      }
      throw .fontsMissing(families: families, packages: packages)
    }
  }

  deinit { FcConfigDestroy(self.configuration) }

  /// Families that lack a cut: the two of Chinese type are needed regular and bold.
  private static func missing(among faces: [FontFace]) -> [String] {
    FontFamilies.all.filter { family in
      let styles = Set(faces.filter { $0.family == family }.map(\.style))
      let needed: Set = FontFamilies.rare.contains(family) ? ["Regular"] : ["Regular", "Bold"]
      return !needed.isSubset(of: styles)
    }
  }

  private static func found(
    in configuration: OpaquePointer
  ) -> [(face: FontFace, characters: OpaquePointer)] {
    guard let set = FcConfigGetFonts(configuration, FcSetSystem) else { return [] }
    let patterns = UnsafeBufferPointer(start: set.pointee.fonts, count: Int(set.pointee.nfont))
    return patterns.compactMap { pattern in
      guard let pattern, let family = Self.text(FC_FAMILY, of: pattern),
        let style = Self.text(FC_STYLE, of: pattern)
      else { return nil }
      var characters: OpaquePointer?
      var version: Int32 = 0
      guard FcPatternGetCharSet(pattern, FC_CHARSET, 0, &characters) == FcResultMatch,
        FcPatternGetInteger(pattern, FC_FONTVERSION, 0, &version) == FcResultMatch,
        let characters
      else { return nil }
      let face = FontFace(family: family, style: style, version: Self.version(version))
      return (face, characters)
    }
  }

  private static func text(_ name: String, of pattern: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<FcChar8>?
    guard FcPatternGetString(pattern, name, 0, &text) == FcResultMatch, let text else { return nil }
    return String(cString: text)
  }

  /// A font's revision is a fixed point number with 16 bits after the point (OpenType, `head`).
  private static func version(_ fixed: Int32) -> String {
    let thousandths = (Int(fixed) * 1_000 + 32_768) / 65_536
    let digits = String(thousandths % 1_000)
    return "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}

extension DocumentFonts {
  /// Families and their versions in one line, as documents name them in their metadata:
  /// `BabelStone Han 15.005; …`.
  public var summary: String {
    var names: [String] = []
    for face in self.faces where !names.contains("\(face.family) \(face.version)") {
      names.append("\(face.family) \(face.version)")
    }
    return names.joined(separator: "; ")
  }

  /// The characters of a text that no font has, each once. Private use counts among them even where
  /// a font has something there: nobody agreed on what it means.
  public func missing(in text: String) -> [Unicode.Scalar] {
    var missing: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars where !missing.contains(scalar) {
      if !self.has(scalar) { missing.append(scalar) }
    }
    return missing
  }

  private func has(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.generalCategory == .privateUse { return false }
    // They choose the form of the character before them and show nothing themselves.
    if scalar.properties.isVariationSelector { return true }
    return self.coverage.contains { FcCharSetHasChar($0, scalar.value) == 1 }
  }
}
