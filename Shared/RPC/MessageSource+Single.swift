import DomainModel

extension MessageSource {
  /// The one message of a side that does not stream. None, or more than one, is `UNIMPLEMENTED`, as
  /// the gRPC project's list of statuses says for a wrong number of messages.
  func single(from author: MessageAuthor) async throws -> [UInt8] {
    guard let message = try await self.next() else {
      throw ServiceError(
        code: .unimplemented, message: "The \(author.rawValue) sent no message; one is needed.")
    }
    guard try await self.next() == nil else {
      throw ServiceError(
        code: .unimplemented,
        message: "The \(author.rawValue) sent several messages; one is allowed.")
    }
    return message
  }
}
