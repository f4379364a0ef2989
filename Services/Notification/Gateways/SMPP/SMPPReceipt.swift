import DomainModel

/// Delivery receipts of SMPP 3.4 (Appendix B). Their text is a custom, not a rule, so it is read
/// leniently:
/// `id:… sub:001 dlvrd:001 submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DELIVRD err:000 text:…`
package enum SMPPReceipt {
  /// The receipt in a message; nil if it is none, or names no message.
  package static func read(
    kind: UInt8, text: [UInt8], _ options: [SMPPOption], ids: SMPPMessageIDs
  ) -> CarrierReceipt? {
    // An intermediate notification (5.2.12, bit 5) says how it stands before the end.
    let isIntermediate = kind & 0x20 != 0
    guard kind & SMPPShortMessage.receiptBits == SMPPShortMessage.isReceipt || isIntermediate
    else { return nil }
    let fields = Self.fields(text.isEmpty ? options.value(SMPPOption.payload) ?? [] : text)
    guard let id = Self.id(fields, options, ids) else { return nil }
    let word = fields["stat"] ?? Self.word(options.value(SMPPOption.messageState)?.first)
    let state = isIntermediate ? ReceiptState.underWay : Self.state(word)
    let error = fields["err"].map { $0.isEmpty ? "" : ":" + $0 } ?? ""
    return CarrierReceipt(
      id: id, state: state, code: word + error,
      at: fields["done date"].flatMap { CarrierTime.instant($0) })
  }

  /// The parameter repeats the id of the answer as it was (5.3.2.12), so it counts before the text.
  private static func id(
    _ fields: [String: String], _ options: [SMPPOption], _ ids: SMPPMessageIDs
  ) -> String? {
    if let value = options.value(SMPPOption.receiptedID) {
      let text = String(latin1: value.prefix { $0 != 0 }.prefix(64))
      if !text.isEmpty { return ids.ofAnswer(text) }
    }
    guard let text = fields["id"], !text.isEmpty else { return nil }
    return ids.ofReceipt(String(text.prefix(64)))
  }

  private static let names = ["id", "stat", "err", "done date"]

  /// The values behind the names that are of use, each up to the next space.
  private static func fields(_ text: [UInt8]) -> [String: String] {
    let lower = text.map { (65...90).contains($0) ? $0 + 32 : $0 }
    var fields: [String: String] = [:]
    for name in Self.names {
      let mark = Array((name + ":").utf8)
      guard let start = Self.place(of: mark, in: lower) else { continue }
      let value = text[(start + mark.count)...].prefix { $0 > 32 }
      fields[name] = String(latin1: value)
    }
    return fields
  }

  /// Where the mark stands at the beginning of a word; never in the text that some providers repeat
  /// at the end.
  private static func place(of mark: [UInt8], in text: [UInt8]) -> Int? {
    var index = 0
    while index + mark.count <= text.count {
      let isWord = index == 0 || text[index - 1] <= 32
      if isWord, text[index...].starts(with: Array("text:".utf8)) { return nil }
      if isWord, text[index...].starts(with: mark) { return index }
      index += 1
    }
    return nil
  }

  private static func word(_ state: UInt8?) -> String {
    switch state {
    case 1: "ENROUTE"
    case 2: "DELIVRD"
    case 3: "EXPIRED"
    case 4: "DELETED"
    case 5: "UNDELIV"
    case 6: "ACCEPTD"
    case 8: "REJECTD"
    default: "UNKNOWN"
    }
  }

  private static func state(_ word: String) -> ReceiptState {
    switch word.uppercased() {
    case "DELIVRD", "DELIVERED": .delivered
    case "EXPIRED": .expired
    case "DELETED", "UNDELIV", "UNDELIVERABLE", "REJECTD", "REJECTED", "FAILED": .failed
    case "ENROUTE", "ACCEPTD", "ACCEPTED", "BUFFRED": .underWay
    default: .unknown
    }
  }
}

extension [SMPPOption] {
  /// The bytes of the first parameter of this kind.
  package func value(_ tag: UInt16) -> [UInt8]? {
    self.first { $0.tag == tag }?.value
  }
}
