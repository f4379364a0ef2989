/// The frames of RFC 9113 as bytes, right or wrong, as a client of no library would write them.
enum Frames {
  static let data: UInt8 = 0
  static let headers: UInt8 = 1
  static let priority: UInt8 = 2
  static let reset: UInt8 = 3
  static let settings: UInt8 = 4
  static let ping: UInt8 = 6
  static let goAway: UInt8 = 7
  static let windowUpdate: UInt8 = 8
  static let continuation: UInt8 = 9
  static let unknown: UInt8 = 0xBE

  static let endStream: UInt8 = 0x1
  static let ack: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4
  static let padded: UInt8 = 0x8
  static let hasPriority: UInt8 = 0x20

  /// What a client begins with: the preface and empty settings.
  static let hello = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.frame(Self.settings)

  /// POST http://x/ as a header block without use of the dynamic table (RFC 7541, appendix A).
  static let post: [UInt8] = [0x83, 0x86, 0x84, 0x41, 1, 0x78]

  static func frame(
    _ type: UInt8, flags: UInt8 = 0, on stream: Int = 0, _ payload: [UInt8] = []
  ) -> [UInt8] {
    let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: payload.count >> $0) }
    return length + [type, flags] + Self.number(stream) + payload
  }

  /// A request whose body, if it is not the end, is still to come.
  static func request(_ stream: Int, isLast: Bool = false) -> [UInt8] {
    let flags = Self.endHeaders | (isLast ? Self.endStream : 0)
    return Self.frame(Self.headers, flags: flags, on: stream, Self.post)
  }

  /// Four bytes, the highest first.
  static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// A literal header field that enters no table, with a name and a value of at most 126 bytes.
  static func literal(_ name: String, _ value: String) -> [UInt8] {
    [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
  }
}
