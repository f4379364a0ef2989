extension RPCChannel {
  /// This channel, on which every call says that `caller` makes it.
  public func calling(as caller: Caller) -> any RPCChannel {
    CallerChannel(self, as: caller)
  }
}

/// A channel that stamps who is calling. What the options say of the caller does not count: whoever
/// is handed this channel calls under one name.
private struct CallerChannel: RPCChannel {
  private let channel: any RPCChannel
  private let identity: Metadata

  init(_ channel: any RPCChannel, as caller: Caller) {
    self.channel = channel
    self.identity = Metadata(caller: caller)
  }

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

  private func stamped(_ options: CallOptions) -> CallOptions {
    var metadata = self.identity
    for (name, value) in options.metadata.entries where !Metadata.namesCaller(name) {
      switch value {
      case .text(let text): metadata.append(name, text)
      case .bytes(let bytes): metadata.append(name, bytes: bytes)
      }
    }
    var options = options
    options.metadata = metadata
    return options
  }
}
