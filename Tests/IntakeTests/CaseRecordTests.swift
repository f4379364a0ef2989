import Testing

@testable import IntakeCore

/// The text of which a case's file keeps the digest.
struct CaseRecordTests {
  @Test(arguments: [
    ("居住证", "居住证"), ("", ""), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("a\tb", "a\\tb"),
    ("a\rb", "a\\rb"), ("a\r\nstate\tcompleted", "a\\r\\nstate\\tcompleted"),
  ])
  func `a value stands on one line`(_ text: String, _ line: String) {
    #expect(CaseRecord.oneLine(text) == line)
  }
}
