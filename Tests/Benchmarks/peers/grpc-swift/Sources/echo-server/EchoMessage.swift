import SwiftProtobuf

/// `EchoMessage` of `echo.proto`, written out by hand so that the build needs no plugin: the same
/// calls into swift-protobuf that generated code makes.
struct EchoMessage: SwiftProtobuf.Message, Equatable {
  static let protoMessageName = "anju.bench.EchoMessage"

  var text = ""
  var unknownFields = UnknownStorage()

  mutating func decodeMessage<D: Decoder>(decoder: inout D) throws {
    while let number = try decoder.nextFieldNumber() {
      if number == 1 { try decoder.decodeSingularStringField(value: &self.text) }
    }
  }

  func traverse<V: Visitor>(visitor: inout V) throws {
    if !self.text.isEmpty { try visitor.visitSingularStringField(value: self.text, fieldNumber: 1) }
    try self.unknownFields.traverse(visitor: &visitor)
  }

  func isEqualTo(message: any SwiftProtobuf.Message) -> Bool {
    guard let other = message as? EchoMessage else { return false }
    return self == other
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(self.text)
  }
}
