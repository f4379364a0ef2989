import DomainModel
import NIOCore
public import RPC

/// A channel to the servers of one service over HTTP/2, by TLS or, on this machine only, in
/// plaintext.
///
/// It connects to each of their addresses when the first call needs it, and again when one is
/// needed after a lost connection or a GOAWAY, with jittered exponential back-off after a failed
/// attempt. Calls go round robin over the connections that are open. A call that finds none, while
/// all addresses have failed lately, ends with `UNAVAILABLE`, unless it waits for one
/// (`CallOptions.waitForReady`).
///
/// A call that no server has taken is sent again by itself. Other failed calls are made again only
/// where the configuration's `policies` allow it for their method.
public final class GRPCClientChannel: RPCChannel {
  let configuration: ClientConfiguration
  let core: ClientCore
  let throttle: RetryThrottle

  /// A channel; connects later.
  public init(_ configuration: ClientConfiguration) {
    self.configuration = configuration
    self.core = ClientCore(configuration, loop: configuration.group.any())
    self.throttle = RetryThrottle(configuration.throttling)
  }

  deinit {
    let core = self.core
    core.loop.execute { core.close() }
  }

  /// Runs tasks on the event loop of the channel's connections. Calls work from any task; one that
  /// prefers this executor makes them without a hop between threads, and like a server's handler
  /// must not block.
  public var executor: any TaskExecutor { self.core.executor }

  /// Makes a unary call. Throws `ServiceError` with the call's status.
  public func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    let policy = self.configuration.policies[method]
    let bounded = options.within(policy.timeoutMs)
    try bounded.check()
    let request = try await self.framed(request, options)
    guard let retry = policy.retry else {
      return try await self.attempt(self.core.makeCall(method, bounded, request: request))
    }
    return try await self.retrying(retry, bounded) { options in
      self.core.makeCall(method, options, request: request)
    }
  }

  /// Makes a call of one of the streaming kinds. Throws what `body` throws, or `ServiceError` if
  /// the call could not be opened.
  public func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    let options = options.within(self.configuration.policies[method].timeoutMs)
    try options.check()
    let call = self.core.makeCall(method, options, request: nil)
    defer { self.leave(call) }
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        call.onLoop {
          call.tellOpen(continuation)
          self.core.start(call)
        }
      }
    } onCancel: {
      self.leave(call)
    }
    return try await body(call, call)
  }

  /// Ends every call with `UNAVAILABLE` and closes the connections; later calls fail.
  public func close() async {
    await withUnsafeContinuation { continuation in
      self.core.loop.execute { self.core.close(continuation) }
    }
  }

  /// Makes one attempt at a unary call.
  func attempt(_ call: ClientCall) async throws -> [UInt8] {
    let answer = try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        call.onLoop {
          call.tellAnswer(continuation)
          self.core.start(call)
        }
      }
    } onCancel: {
      self.leave(call)
    }
    return answer.isCompressed ? try await call.inflated(answer) : answer.bytes
  }

  /// A unary call's request as it is to be sent, compressed once for all attempts.
  private func framed(
    _ request: [UInt8], _ options: CallOptions
  ) async throws(ServiceError) -> FramedMessage {
    try FlowBounds(self.configuration.limits).check(request)
    guard options.compression == .gzip, request.count >= MessageCompression.messageBytesMin else {
      return FramedMessage(bytes: request)
    }
    return try await Gzip.framed(request, isAskedFor: false)
  }

  /// Ends a call that its caller has left; does nothing to one that is over.
  private func leave(_ call: ClientCall) {
    call.onLoop { call.fail(ServiceError.cancelled) }
  }
}

extension CallOptions {
  /// The options with a timeout of at most `timeoutMs`.
  fileprivate func within(_ timeoutMs: Int64?) -> CallOptions {
    guard let timeoutMs, timeoutMs < self.timeoutMs ?? .max else { return self }
    var options = self
    options.timeoutMs = timeoutMs
    return options
  }
}
