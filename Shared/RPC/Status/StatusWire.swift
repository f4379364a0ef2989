public import DomainModel

/// A call's status as it stands in trailers: `grpc-status`, `grpc-message` and
/// `grpc-status-details-bin`.
public struct StatusWire: Hashable, Sendable {
  /// `grpc-status`: 0 is OK.
  public var code: Int32
  /// `grpc-message`, percent-encoded.
  public var encodedMessage: String
  /// `grpc-status-details-bin` before base64: a `google.rpc.Status`; empty for none.
  public var details: [UInt8]

  /// The longest `grpc-message` sent, in UTF-8 bytes before percent-encoding.
  public static let messageBytesMax = 512

  /// A status read from trailers.
  public init(code: Int32, encodedMessage: String, details: [UInt8]) {
    self.code = code
    self.encodedMessage = encodedMessage
    self.details = details
  }

  /// The status of an error.
  public init(_ error: ServiceError) {
    var error = error
    if error.message.utf8.count > Self.messageBytesMax {
      error.message = String(
        decoding: error.message.utf8.prefix(Self.messageBytesMax), as: UTF8.self)
    }
    self.init(
      code: error.code.rawValue, encodedMessage: Self.percentEncoded(error.message),
      details: StatusDetails.bytes(of: error))
  }

  /// Percent-encodes all but printable ASCII, and the percent sign itself (PROTOCOL-HTTP2,
  /// "Status-Message").
  static func percentEncoded(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E || $0 == 0x25 }) else { return text }
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte >= 0x20 && byte <= 0x7E && byte != 0x25 {
        bytes.append(byte)
      } else {
        bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Undoes `percentEncoded`; a percent sign without two digits stays as it is.
  static func percentDecoded(_ text: String) -> String {
    guard text.utf8.contains(0x25) else { return text }
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < source.count {
      if source[index] == 0x25, index + 2 < source.count,
        let high = Self.digit(source[index + 1]), let low = Self.digit(source[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case 0x30...0x39: character - 0x30
    case 0x41...0x46: character - 0x41 + 10
    case 0x61...0x66: character - 0x61 + 10
    default: nil
    }
  }
}

extension ServiceError {
  /// The error behind a status that is not OK. A number that gRPC does not know is `UNKNOWN`.
  public init(status: StatusWire) {
    self.init(
      code: Code(rawValue: status.code) ?? .unknown,
      message: StatusWire.percentDecoded(status.encodedMessage))
    if !status.details.isEmpty { StatusDetails.read(status.details, into: &self) }
  }
}
