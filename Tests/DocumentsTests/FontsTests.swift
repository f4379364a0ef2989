import Documents
import Testing

struct FontsTests {
  @Test func `the fonts are found, each with its version`() throws {
    let fonts = try DocumentFonts.load()
    let families = Set(fonts.faces.map(\.family))
    #expect(
      families == [
        "Noto Serif CJK SC", "Noto Sans CJK SC", "BabelStone Han", "HanaMinA", "HanaMinB",
      ])
    for face in fonts.faces {
      #expect(face.version.wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil, "\(face)")
      #expect(fonts.summary.contains("\(face.family) \(face.version)"))
    }
  }

  @Test func `missing fonts are one error that names all of them and their packages`() throws {
    let expected = DocumentError.fontsMissing(
      families: [
        "Noto Serif CJK SC", "Noto Sans CJK SC", "BabelStone Han", "HanaMinA", "HanaMinB",
      ], packages: ["fonts-noto-cjk", "fonts-babelstone-han", "fonts-hanazono"])
    #expect(throws: expected) { try DocumentFonts.load(from: ["/usr/share/fonts/there-is-none"]) }
    #expect(
      "\(expected)"
        == "no font Noto Serif CJK SC, Noto Sans CJK SC, BabelStone Han, HanaMinA, HanaMinB; "
        + "install fonts-noto-cjk fonts-babelstone-han fonts-hanazono")
  }

  @Test func `only what lies in the folders is looked at, rare characters' fonts are no luxury`()
    throws
  {
    #expect(
      throws: DocumentError.fontsMissing(
        families: ["BabelStone Han", "HanaMinA", "HanaMinB"],
        packages: ["fonts-babelstone-han", "fonts-hanazono"])
    ) {
      try DocumentFonts.load(from: ["/usr/share/fonts/opentype/noto"])
    }
  }

  @Test func `rare characters of names have a font, others are named by code point`() throws {
    let fonts = try DocumentFonts.load()
    #expect(fonts.missing(in: "𬎆𠮷𠀾䶮〇·𰻝葛\u{E0100}") == [])
    // Private use, a plane where nothing is, a script without a font.
    #expect(fonts.missing(in: "王\u{E000}\u{50000}\u{E000}") == ["\u{E000}", "\u{50000}"])
    #expect(fonts.missing(in: "ᠮ") == ["ᠮ"])
  }
}
