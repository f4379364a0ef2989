public import DomainModel

extension Metadata {
  /// The most that one call may send as metadata in one block, in bytes as RFC 9113, 6.5.2 counts
  /// them: name, value and 32 an entry. Common peers accept 8 KiB.
  public static let sentBytesMax = 8_192

  /// Throws `INTERNAL` for metadata that may not be sent: a name that is empty, holds anything but
  /// `a-z 0-9 _ - .`, belongs to HTTP or gRPC, or ends in `-bin` over text; a text with anything
  /// but printable ASCII (PROTOCOL-HTTP2, "Custom-Metadata"); more than `sentBytesMax` together.
  public func check() throws(ServiceError) {
    var size = 0
    for (name, value) in self.entries {
      guard Self.isWellFormed(name), !Self.isReserved(name) else {
        throw Self.refused("The name \(name.debugDescription) may not be sent as metadata.")
      }
      switch value {
      case .text(let text):
        guard !name.hasSuffix("-bin"), text.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) else {
          throw Self.refused("The text under \(name) may not be sent as metadata.")
        }
        size += name.utf8.count + text.utf8.count + 32
      case .bytes(let bytes): size += name.utf8.count + (bytes.count + 2) / 3 * 4 + 32
      }
    }
    guard size <= Self.sentBytesMax else {
      throw Self.refused("The metadata has \(size) bytes; at most \(Self.sentBytesMax) are sent.")
    }
  }

  private static func refused(_ message: String) -> ServiceError {
    ServiceError(code: .internal, message: message)
  }

  private static func isWellFormed(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }

  private static func isReserved(_ name: String) -> Bool {
    switch name {
    case "content-type", "content-length", "te", "host", "user-agent", "accept-encoding",
      "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade":
      true
    default: name.hasPrefix("grpc-")
    }
  }
}
