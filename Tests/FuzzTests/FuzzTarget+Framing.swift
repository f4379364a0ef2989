import DomainModel
import HTTP2
import RPC
import TestSupport

@testable import Transport

// What stands in header fields and in the bodies of streams.
extension FuzzTarget {
  /// The longest message that the targets accept.
  private static let messageBytesMax = 4_096

  /// A request's header fields, a line each: name, colon, value.
  static let head = FuzzTarget(name: "head") { input in
    let fields = Self.fields(input)
    var routes = RouteCache(EchoService().router())
    let head = RequestHead(fields, &routes)
    if let timeout = head.timeoutNs {
      try FuzzFailure.unless(timeout >= 0, "a timeout of \(timeout) ns")
    }
    // What has been read can be sent on, and is then read as the same.
    var again = HeaderList(["te": "trailers"])
    again.append(head.metadata)
    let second = RequestHead(again, &routes)
    guard head.problem == nil else { return }
    try FuzzFailure.unless(second.metadata == head.metadata, "metadata changes when it is sent on")
  }

  /// An answer's header fields and trailers, as `head` has them.
  static let answer = FuzzTarget(name: "answer") { input in
    let fields = Self.fields(input)
    let head = ResponseHead(fields)
    _ = head.outcome(fields, isLast: true)
    guard case .failure(let error) = head.ending(fields) else { return }
    let wire = StatusWire(error)
    try FuzzFailure.unless(
      wire.encodedMessage.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E },
      "a message that is no header value: \(wire.encodedMessage)")
  }

  /// Base 64, which is read as any bytes or refused.
  static let base64 = FuzzTarget(name: "base64") { input in
    try FuzzFailure.unless(Base64.decode(Base64.encode(input).utf8) == input, "bytes are lost")
    guard let bytes = Base64.decode(input) else { return }
    try FuzzFailure.unless(
      Base64.decode(Base64.encode(bytes).utf8) == bytes, "what was read is read otherwise")
    try FuzzFailure.unless(bytes.count <= input.count, "bytes come from nowhere")
  }

  /// `grpc-timeout`.
  static let timeout = FuzzTarget(name: "timeout") { input in
    guard let found = input.withUnsafeBufferPointer(GRPCTimeout.nanoseconds) else { return }
    try FuzzFailure.unless(found >= 0 && input.count <= 9, "\(found) ns of \(input)")
  }

  /// The body of a stream, which is the same messages however it is cut.
  static let messages = FuzzTarget(name: "messages") { input in
    let whole = Self.read(input[...], piece: max(input.count, 1))
    for piece in [1, 2, 5, 7] {
      let cut = Self.read(input[...], piece: piece)
      try FuzzFailure.unless(cut == whole, "in pieces of \(piece) it says something else")
    }
  }

  /// gzip: what inflates is within its bound, and every message survives both ways.
  static let gzip = FuzzTarget(name: "gzip") { input in
    if let plain = try? Gzip.inflate(input, upTo: Self.messageBytesMax) {
      try FuzzFailure.unless(plain.count <= Self.messageBytesMax, "\(plain.count) bytes")
    }
    let small = Array(input.prefix(Self.messageBytesMax))
    let back = try Gzip.inflate(try Gzip.deflate(small), upTo: Self.messageBytesMax)
    try FuzzFailure.unless(back == small, "a message changes when it is compressed")
  }

  private static func fields(_ input: [UInt8]) -> HeaderList {
    var fields = HeaderList()
    for line in input.split(separator: UInt8(ascii: "\n")) {
      // HTTP/2 itself lets no other names and values through than text.
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields.append(
        String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
    }
    return fields
  }

  private static func read(_ input: ArraySlice<UInt8>, piece: Int) -> [FramedMessage?] {
    var reader = MessageReader(messageBytesMax: Self.messageBytesMax, allowsCompressed: true)
    var messages: [FramedMessage?] = []
    var rest = input
    while !rest.isEmpty {
      do throws(ServiceError) {
        let part = Array(rest.prefix(piece))
        var problem: ServiceError?
        part.withUnsafeBytes { bytes in
          do throws(ServiceError) {
            var rest = bytes
            while let message = try reader.next(&rest) { messages.append(message) }
          } catch {
            problem = error
          }
        }
        if let problem { throw problem }
      } catch {
        // The call ends; nil stands for its status.
        return messages + [nil]
      }
      rest = rest.dropFirst(piece)
    }
    return messages
  }
}
