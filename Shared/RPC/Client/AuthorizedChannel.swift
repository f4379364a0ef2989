/// Where a client gets the token that its calls show.
public protocol TokenSource: Sendable {
  /// A token that holds long enough for a call that begins now. Asked for on every call, so it is
  /// kept by whoever makes it.
  func token() throws -> String
}

extension RPCChannel {
  /// This channel, on which every call shows a token of `tokens`.
  public func authorized(by tokens: any TokenSource) -> any RPCChannel {
    AuthorizedChannel(channel: self, tokens: tokens)
  }
}

/// A channel that stamps who is calling. What the options say of it does not count: whoever is
/// handed this channel calls under one name.
private struct AuthorizedChannel: RPCChannel {
  let channel: any RPCChannel
  let tokens: any TokenSource

  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    try await self.channel.unary(method, request, self.stamped(options))
  }

  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    try await self.channel.streaming(method, self.stamped(options), body)
  }

  private func stamped(_ options: CallOptions) throws -> CallOptions {
    var options = options
    options.metadata.remove(Metadata.authorization)
    options.metadata.append(Metadata.authorization, "Bearer \(try self.tokens.token())")
    return options
  }
}
