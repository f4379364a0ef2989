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
  }
}
