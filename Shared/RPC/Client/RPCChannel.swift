import DomainModel

/// A way to a server: calls go in as bytes, and every failure comes back as `ServiceError`.
///
/// Transports implement the two requirements; generated clients use the four typed functions of the
/// extension. A streaming call lives inside its closure: leaving the closure ends the call, and
/// what is still under way is cancelled.
public protocol RPCChannel: Sendable {
  /// One request, one answer.
  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8]

  /// A call of any streaming kind: `body` writes requests and reads answers. When it returns or
  /// throws before the call has ended, the call is cancelled.
  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result
}

extension RPCChannel {
  /// Calls a unary method.
  public func unary<Request: WireMessage, Response: WireMessage>(
    _ method: Method, _ request: Request, _ options: CallOptions = CallOptions()
  ) async throws -> Response {
    let bytes = try await self.unary(method, request.written(by: .caller), options)
    return try Response.parsed(bytes, sentBy: .service)
  }

  /// Calls a method that takes a stream and answers with one message: `body` writes the requests.
  /// Returns the answer that comes after the last. Throws `CANCELLED`, and the service never hears
  /// that the requests are complete, if the task is cancelled while `body` runs.
  public func clientStreaming<Request: WireMessage, Response: WireMessage>(
    _ method: Method, _ options: CallOptions = CallOptions(),
    _ body: (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    try await self.streaming(method, options) { sink, source in
      let writer = RequestWriter<Request>(sink)
      try await body(writer)
      if Task.isCancelled { throw ServiceError.cancelled }
      await writer.finish()
      return try Response.parsed(try await source.single(from: .service), sentBy: .service)
    }
  }

  /// Calls a method that answers with a stream: `body` reads it.
  public func serverStreaming<Request: WireMessage, Response: WireMessage, Result>(
    _ method: Method, _ request: Request, _ options: CallOptions = CallOptions(),
    _ body: (ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    let bytes = try request.written(by: .caller)
    return try await self.streaming(method, options) { sink, source in
      try await sink.write(bytes)
      await sink.finish()
      return try await body(ResponseStream(source))
    }
  }

  /// Calls a method both sides of which stream: `body` writes and reads, in any order.
  public func bidirectionalStreaming<Request: WireMessage, Response: WireMessage, Result>(
    _ method: Method, _ options: CallOptions = CallOptions(),
    _ body: (RequestWriter<Request>, ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    try await self.streaming(method, options) { sink, source in
      try await body(RequestWriter(sink), ResponseStream(source))
    }
  }
}
