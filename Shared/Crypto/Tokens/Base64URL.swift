internal import CJose

/// Bytes as base64url without padding (RFC 4648, section 5; RFC 7515, section 2).
enum Base64URL {
  /// The text of the bytes.
  static func encode(_ bytes: [UInt8]) -> String {
    let count = jose_b64_enc_buf(bytes, bytes.count, nil, 0)
    var text = [UInt8](repeating: 0, count: count)
    let written = jose_b64_enc_buf(bytes, bytes.count, &text, text.count)
    precondition(written == count, "libjose wrote \(written) of \(count) characters")
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil where it is no base64url, also one that is padded.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let text = Array(text)
    // Negative (SIZE_MAX) where no text has that length.
    let size = jose_b64_dec_buf(nil, text.count, nil, 0)
    guard size >= 0, text.allSatisfy(Self.isDigit) else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let written = jose_b64_dec_buf(text, text.count, &bytes, bytes.count)
    return written == size ? bytes : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
