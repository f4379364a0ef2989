import DomainModel
import NotificationGateways
import Testing

/// Receipts as providers write them, and the ids in them.
struct ReceiptTests {
  private static func read(
    _ text: String, kind: UInt8 = 4, _ options: [SMPPOption] = [], ids: SMPPMessageIDs = .same
  ) -> CarrierReceipt? {
    SMPPReceipt.read(kind: kind, text: Array(text.utf8), options, ids: ids)
  }

  @Test func `the text of Appendix B is read`() throws {
    let receipt = try #require(
      Self.read(
        "id:0000012345 sub:001 dlvrd:001 submit date:2603100900 done date:2603100901 "
          + "stat:DELIVRD err:000 text:id:9 stat:UNDELIV"))
    #expect(receipt.id == "12345")
    #expect(receipt.state == .delivered)
    #expect(receipt.code == "DELIVRD:000")
    #expect(receipt.at?.shanghaiText == "2026-03-10 09:01:00")
  }

  @Test(arguments: [
    ("DELIVRD", ReceiptState.delivered), ("EXPIRED", .expired), ("UNDELIV", .failed),
    ("DELETED", .failed), ("REJECTD", .failed), ("ACCEPTD", .underWay), ("ENROUTE", .underWay),
    ("UNKNOWN", .unknown), ("SOMETHING", .unknown),
  ])
  func `each state means one thing`(_ word: String, _ state: ReceiptState) {
    #expect(Self.read("id:7 stat:\(word) err:001")?.state == state)
  }

  @Test func `others write it otherwise`() {
    #expect(Self.read("ID:7F Stat:DELIVRD Err:0DB", ids: .decimalThenHex)?.id == "127")
    #expect(Self.read("id:7 done date:260310090159 stat:DELIVRD")?.at != nil)
    #expect(Self.read("id:7 done date:2613100901 stat:DELIVRD")?.at == nil)
    #expect(Self.read("id:7 stat:DELIVRD", kind: 0) == nil, "a text from a handset")
    #expect(Self.read("stat:DELIVRD") == nil, "it names no message")
    #expect(Self.read("id: stat:DELIVRD") == nil)
    #expect(Self.read("id:7 stat:DELIVRD", kind: 0x20)?.state == .underWay)
    let parameters = [
      SMPPOption(SMPPOption.receiptedID, Array("A1".utf8) + [0]),
      SMPPOption(SMPPOption.messageState, [5]),
    ]
    let receipt = Self.read("", parameters, ids: .hexThenDecimal)
    #expect(receipt?.id == "161" && receipt?.state == .failed)
  }

  @Test(arguments: SMPPMessageIDs.allCases)
  func `an id is the same in both places`(_ ids: SMPPMessageIDs) {
    let (answer, receipt) =
      switch ids {
      case .same: ("0A7x", "0A7x")
      case .hexThenDecimal: ("0A7F", "2687")
      case .decimalThenHex: ("0002687", "a7f")
      }
    #expect(ids.ofAnswer(answer) == ids.ofReceipt(receipt))
  }

  @Test func `a text of 200 characters is cut as the handset puts it together`() {
    let text = "【浙江公安】" + String(repeating: "𬎆安居", count: 60) + "完成办理"
    let message = OutgoingMessage.sample("M1", text: text)
    let segments = OutgoingSegment.all(of: message, reference: 0x2A)
    #expect(segments.count == message.segments.count && segments.count > 3)
    var units: [UInt16] = []
    for (index, segment) in segments.enumerated() {
      #expect(
        Array(segment.text.prefix(6)) == [5, 0, 3, 0x2A, UInt8(segments.count), UInt8(index + 1)])
      #expect(segment.text.count <= 140)
      let body = Array(segment.text.dropFirst(6))
      units += stride(from: 0, to: body.count, by: 2).map {
        UInt16(body[$0]) << 8 | UInt16(body[$0 + 1])
      }
    }
    #expect(String(decoding: units, as: UTF16.self) == text)
  }

  @Test func `times are written in Shanghai's`() {
    let instant = Timestamp(milliseconds: 1_773_104_400_000)
    #expect(CarrierTime.absolute(instant) == "260310090000032+")
    #expect(CarrierTime.instant("260310090000") == instant)
    #expect(CarrierTime.instant("2603100900") == instant)
    #expect(CarrierTime.instant("26031009") == nil)
  }
}
