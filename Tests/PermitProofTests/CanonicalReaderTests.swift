import TestSupport
import Testing

@testable import PermitProof

@Suite struct CanonicalReaderTests {
  private static func read(_ bytes: [UInt8]) -> Result<CanonicalJSON, FormDefect> {
    do throws(FormDefect) {
      return .success(try CanonicalReader.value(in: bytes, bytesMax: 4_096))
    } catch {
      return .failure(error)
    }
  }

  private static func read(_ text: String) -> Result<CanonicalJSON, FormDefect> {
    Self.read(Array(text.utf8))
  }

  private static let values: [CanonicalJSON] = [
    "", "阿依·𬎆", "\"\\\u{08}\t\n\u{0C}\r\u{0}\u{1F}\u{7F}/", .integer(0), .integer(-1),
    .integer(CanonicalJSON.integerMax), .integer(-CanonicalJSON.integerMax), .array([]),
    .array(["a", .integer(1), .array([])]), .object([:]),
    .object(["": "", "a": .object(["b": .array([.object([:])])]), "aa": "", "b": .integer(12)]),
  ]

  @Test(arguments: Self.values)
  func `what is written is read`(_ value: CanonicalJSON) {
    #expect(Self.read(value.utf8) == .success(value))
  }

  /// What is no spelling of anything, and why.
  private static let refused: [(String, FormDefect)] = [
    (#"{"a":1,"a":1}"#, .notCanonical(at: 10)),
    (#"{"b":1,"a":1}"#, .notCanonical(at: 10)),
    (#"{ "a":1}"#, .notCanonical(at: 1)),
    (#"{"a": 1}"#, .notCanonical(at: 5)),
    (#"{"a":1} "#, .notCanonical(at: 7)),
    ("\u{FEFF}{}", .notCanonical(at: 0)),
    (#"{"a":1,}"#, .notCanonical(at: 7)),
    (#"[1,]"#, .notCanonical(at: 3)),
    (#"{"é":1}"#, .notCanonical(at: 5)),
    (#""\/""#, .notCanonical(at: 1)),
    (#""\u0041____""#, .notCanonical(at: 1)),
    (#""\u001F____""#, .notCanonical(at: 1)),
    (#""\u0008____""#, .notCanonical(at: 1)),
    ("\"\n\"", .notCanonical(at: 1)),
    ("01", .notCanonical(at: 0)),
    ("-0", .notCanonical(at: 0)),
    ("+1", .notCanonical(at: 0)),
    ("1.0", .notCanonical(at: 1)),
    ("1e2", .notCanonical(at: 1)),
    ("9007199254740992", .notCanonical(at: 15)),
    ("99999999999999999999999999", .notCanonical(at: 15)),
    ("true", .notCanonical(at: 0)),
    ("null", .notCanonical(at: 0)),
    ("[[[[[[[[1]]]]]]]]", .notCanonical(at: 8)),
    ("", .truncated), ("{", .truncated), (#"{"a"#, .truncated), (#"{"a":"#, .truncated),
    (#"{"a":1"#, .truncated), (#"{"a":1,"#, .truncated), (#""\u00"#, .truncated), ("-", .truncated),
  ]

  @Test(arguments: Self.refused)
  func `what would not have been written so is refused`(_ text: String, _ defect: FormDefect) {
    #expect(Self.read(text) == .failure(defect))
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE4, 0xBD]] as [[UInt8]] {
      #expect(Self.read([0x22] + bytes + [0x22]) == .failure(.notCanonical(at: 1)))
    }
  }

  @Test func `what is long, deep or wide beyond its bound is refused`() {
    #expect(
      Self.read([UInt8](repeating: 0x5B, count: 4_097)) == .failure(.tooLong(bytesMax: 4_096)))
    #expect(Self.read([UInt8](repeating: 0x5B, count: 4_096)) == .failure(.notCanonical(at: 8)))
    let most = CanonicalJSON.array([CanonicalJSON](repeating: .integer(1), count: 64))
    #expect(Self.read(most.utf8) == .success(most))
    let many = CanonicalJSON.array([CanonicalJSON](repeating: .integer(1), count: 65))
    #expect(Self.read(many.utf8) == .failure(.notCanonical(at: 129)))
  }

  @Test func `what is read of altered bytes is written as them`() {
    let random = SeededRandom(seed: 3)
    let bytes = Self.values[10].utf8
    for _ in 0..<20_000 {
      var changed = bytes
      let noise = random.bytes(2)
      changed[Int(noise[0]) % changed.count] = noise[1]
      if case .success(let value) = Self.read(changed) { #expect(value.utf8 == changed) }
    }
  }
}
