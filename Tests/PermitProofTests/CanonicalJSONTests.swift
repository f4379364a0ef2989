import Testing

@testable import PermitProof

struct CanonicalJSONTests {
  private static func text(_ value: CanonicalJSON) -> String {
    String(decoding: value.utf8, as: UTF8.self)
  }

  @Test func `keys stand in ascending order, without white space`() {
    let value = CanonicalJSON.object([
      "b": .integer(-7), "a": .object(["z": "1", "A": "2", "_": "3"]), "aa": "",
    ])
    #expect(Self.text(value) == #"{"a":{"A":"2","_":"3","z":"1"},"aa":"","b":-7}"#)
  }

  @Test(arguments: [
    ("\"", #""\"""#), ("\\", #""\\""#), ("\u{08}\u{09}\u{0A}\u{0C}\u{0D}", #""\b\t\n\f\r""#),
    ("\u{00}\u{01}\u{0F}\u{10}\u{1F}", #""\u0000\u0001\u000f\u0010\u001f""#), ("/", #""/""#),
    ("\u{7F}", "\"\u{7F}\""), ("𬎆·é", "\"𬎆·é\""),
  ])
  func `a string has one spelling`(_ text: String, _ spelling: String) {
    #expect(Self.text(.string(text)) == spelling)
  }
}
