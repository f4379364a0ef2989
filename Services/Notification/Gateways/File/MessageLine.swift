import DomainModel

/// One line of the message file: a JSON object with its members in a fixed order, the id first.
enum MessageLine {
  private static let head = Array(#"{"message_id":""#.utf8)

  /// The line of a message, its newline included.
  static func bytes(_ message: OutgoingMessage, atMs: Int64) -> [UInt8] {
    var line = Self.head
    Self.append(message.messageID, to: &line)
    line += Array(#"","phone":""#.utf8)
    Self.append(message.phone.text, to: &line)
    line += Array(#"","text":""#.utf8)
    Self.append(message.text, to: &line)
    line += Array(#"","segments":\#(message.segments.count),"at_ms":\#(atMs)}"#.utf8)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// The id in a line of ours; nil for any other line. Ids hold nothing that JSON escapes.
  static func messageID(in line: some Collection<UInt8>) -> String? {
    guard line.starts(with: Self.head) else { return nil }
    let id = line.dropFirst(Self.head.count).prefix { $0 != UInt8(ascii: "\"") }
    return String(decoding: id, as: UTF8.self)
  }

  private static func append(_ text: String, to line: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        line += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: line.append(byte)
      }
    }
  }
}
