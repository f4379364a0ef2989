import Testing
import Wire

/// A newer peer's fields pass through an older process unchanged.
struct UnknownFieldTests {
  private static let new: [(name: String, bytes: [UInt8])] = [
    ("a varint", WireBytes.field(500, varint: .max)),
    ("a string", WireBytes.field(501, "新字段\u{0}")),
    ("an empty string", WireBytes.field(501, "")),
    ("32 bits", WireBytes.key(502, 5) + [1, 2, 3, 4]),
    ("64 bits", WireBytes.key(503, 1) + [1, 2, 3, 4, 5, 6, 7, 8]),
    ("the highest number", WireBytes.field(536_870_911, varint: 1)),
    (
      "several, one of them twice",
      WireBytes.field(500, varint: 1) + WireBytes.field(501, "x") + WireBytes.field(500, varint: 2)
    ),
  ]

  @Test(arguments: Self.new.indices)
  func `unknown fields are sent on, at the top and within`(row: Int) throws {
    let new = Self.new[row].bytes
    let address = try ModelV1.Address(wireBytes: WireBytes.field(2, "北山街道") + new)
    #expect(address.street == "北山街道")
    #expect(try address.wireBytes() == WireBytes.field(2, "北山街道") + new)

    var form = try ModelV1.ApplicationForm(
      wireBytes: WireBytes.field(2, new) + WireBytes.field(4, new) + new)
    #expect(form.residence?.unknownFields == new)
    form.phone = "1"
    let again = try ModelV1.ApplicationForm(wireBytes: form.wireBytes())
    #expect(again == form)
    #expect(again.claims.map(\.unknownFields) == [new])
    #expect(again.unknownFields == new)
  }

  @Test func `unknown fields tell two messages apart`() throws {
    let new = try ModelV1.Address(wireBytes: WireBytes.field(500, varint: 1))
    #expect(new != ModelV1.Address())
  }

  @Test func `a known number with another wire type is refused`() {
    #expect(throws: WireError.self) {
      try ModelV1.Address(wireBytes: WireBytes.field(2, varint: 1))
    }
  }
}
