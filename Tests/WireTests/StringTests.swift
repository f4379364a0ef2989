import RPC
import Testing
import Wire

/// protobuf-c cuts strings at NUL and checks no UTF-8; a name must be refused, never shortened.
struct StringTests {
  /// One string on the wire, in each place a string can stand.
  private static let places: [(name: String, read: @Sendable ([UInt8]) throws -> String?)] = [
    ("a field", { try ModelV1.Identity(wireBytes: WireBytes.field(2, $0)).name }),
    (
      "a field of a message",
      {
        try ModelV1.ApplicationForm(wireBytes: WireBytes.field(1, WireBytes.field(2, $0)))
          .applicant?.name
      }
    ),
    (
      "a field of a message in a list",
      {
        try IntakeV1.Refusal(wireBytes: WireBytes.field(2, WireBytes.field(2, $0))).reasons.first?
          .text
      }
    ),
    (
      "a list",
      {
        try NotificationV1.ReplayDeadLettersRequest(wireBytes: WireBytes.field(2, $0)).messageIDs
          .first
      }
    ),
    (
      "a case of a oneof",
      {
        guard
          case .applicationNumber(let text) =
            try IntakeV1.GetApplicationRequest(wireBytes: WireBytes.field(2, $0)).key
        else { return nil }
        return text
      }
    ),
  ]

  private static let notText: [(name: String, bytes: [UInt8], reason: WireError.Reason)] = [
    ("王\\0x", Array("王\u{0}x".utf8), .stringHoldsNUL),
    ("NUL alone", [0], .stringHoldsNUL),
    ("NUL first", [0, 65], .stringHoldsNUL),
    ("NUL last", [65, 0], .stringHoldsNUL),
    ("two NULs", [0, 0], .stringHoldsNUL),
    ("NUL after 10,000 letters", [UInt8](repeating: 65, count: 10_000) + [0], .stringHoldsNUL),
    ("a byte that never stands in UTF-8", [0xFF], .stringNotUTF8),
    ("a continuation alone", [0x80], .stringNotUTF8),
    ("a character cut off", [0xE7, 0x8E], .stringNotUTF8),
    ("an overlong slash", [0xC0, 0xAF], .stringNotUTF8),
    ("an overlong NUL", [0xC0, 0x80], .stringNotUTF8),
    ("half a surrogate pair", [0xED, 0xA0, 0x80], .stringNotUTF8),
    ("beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80], .stringNotUTF8),
    ("GBK's 王", [0xCD, 0xF5], .stringNotUTF8),
  ]

  @Test(arguments: Self.places.indices, Self.notText.indices)
  func `what is no text is refused wherever it stands`(place: Int, row: Int) {
    let bad = Self.notText[row]
    let error = #expect(throws: WireError.self, "\(bad.name) in \(Self.places[place].name)") {
      try Self.places[place].read(bad.bytes)
    }
    #expect(error?.reason == bad.reason)
  }

  @Test(arguments: Self.places.indices)
  func `text of every length comes through whole`(place: Int) throws {
    for count in 0...300 {
      let text = String(repeating: "a", count: count)
      #expect(try Self.places[place].read(Array(text.utf8)) == text)
    }
    for text in ["王", "买买提·吐尔逊", "\u{20BB7}", "e\u{301}", "\u{1}\u{7F}", "👨‍👩‍👧"] {
      // Compared by scalars: Swift's == would take é and e + accent for the same.
      let read = try Self.places[place].read(Array(text.utf8))
      #expect(read.map { Array($0.utf8) } == Array(text.utf8))
    }
  }

  @Test func `the error names the field and holds no value`() {
    let error = #expect(throws: WireError.self) {
      try ModelV1.Identity(wireBytes: WireBytes.field(2, "王小明\u{0}"))
    }
    #expect(error?.description == "anju.model.v1.Identity.name holds a NUL character")
  }

  @Test(arguments: ["\u{0}", "王\u{0}x", "a\u{0}"])
  func `a string with NUL is not written`(text: String) {
    let messages: [any WireMessage] = [
      ModelV1.Identity(name: text),
      ModelV1.ApplicationForm(applicant: ModelV1.Identity(name: text)),
      IntakeV1.Refusal(reasons: [ModelV1.Reason(text: text)]),
      IntakeV1.GetApplicationRequest(key: .applicationNumber(text)),
    ]
    for message in messages {
      let error = #expect(throws: WireError.self) { try message.wireBytes() }
      #expect(error?.reason == .stringHoldsNUL)
    }
  }

  @Test func `bytes may hold anything`() throws {
    let all = (0...255).map { UInt8($0) }
    let bytes = try IntakeV1.UploadMaterialRequest(part: .chunk(all)).wireBytes()
    #expect(try IntakeV1.UploadMaterialRequest(wireBytes: bytes).part == .chunk(all))
  }
}
