package import DomainModel

/// One short message on its way to a provider.
package struct OutgoingSegment: Hashable, Sendable {
  /// To whom.
  package let phone: PhoneNumber
  /// UCS-2, big end first; of a longer text with the header before it.
  package let text: [UInt8]
  /// Which this is, from 1.
  package let number: UInt8
  /// How many the whole text has.
  package let count: UInt8
  /// When the provider is to give up; nil: as it does.
  package let expiresAt: Timestamp?

  /// Whether the text begins with the header of a longer one.
  package var hasHeader: Bool { self.count > 1 }

  /// The most segments of one text.
  package static let countMax = 255

  /// A message as short messages. `reference` ties them together at the handset: messages to one
  /// phone that are under way at the same time should differ in it.
  ///
  /// Each segment of a longer text begins with six bytes (GSM 03.40, 9.2.3.24.1): header length 5,
  /// element 0, its length 3, reference, count, number.
  package static func all(
    of message: OutgoingMessage, reference: UInt8
  ) -> [OutgoingSegment] {
    let count = UInt8(clamping: message.segments.count)
    return message.segments.prefix(Int(count)).enumerated().map { index, text in
      let number = UInt8(index + 1)
      let header: [UInt8] = count > 1 ? [5, 0, 3, reference, count, number] : []
      return OutgoingSegment(
        phone: message.phone, text: header + Self.ucs2(text), number: number, count: count,
        expiresAt: message.expiresAt)
    }
  }

  /// UTF-16, big end first: what providers call UCS-2, with rare characters as two units.
  package static func ucs2(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(140)
    for unit in text.utf16 { bytes.append(number: unit) }
    return bytes
  }
}
