import DomainModel

/// Which side of a call wrote a message.
enum MessageAuthor: String {
  case caller
  case service
}

extension WireMessage {
  /// The message in `bytes`. Bytes that are none are `INTERNAL`, as every gRPC library answers.
  static func parsed(_ bytes: [UInt8], sentBy author: MessageAuthor) throws -> Self {
    do {
      return try Self(wireBytes: bytes)
    } catch {
      throw ServiceError(
        code: .internal,
        message: "The bytes sent by the \(author.rawValue) are no \(Self.self): \(error)")
    }
  }

  /// The message's bytes. A value that cannot be written is its author's fault: a caller is told
  /// so, a service's own text stays at home.
  func written(by author: MessageAuthor) throws -> [UInt8] {
    do {
      return try self.wireBytes()
    } catch  where author == .caller {
      throw ServiceError(code: .internal, message: "The \(Self.self) cannot be written: \(error)")
    }
  }
}
