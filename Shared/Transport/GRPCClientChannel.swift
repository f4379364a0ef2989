import DomainModel
import HTTP2
import NIOCore
public import RPC

/// A channel to one server over HTTP/2, by TLS or, on this machine only, in plaintext.
///
/// It connects when the first call needs it, reconnects by itself after a lost connection or a
/// GOAWAY, and waits with jittered exponential back-off after a failed attempt. A call that finds
/// no connection ends with `UNAVAILABLE`, unless it waits for one (`CallOptions.waitForReady`).
///
/// A unary call that the server says it never took is sent once more; no other call is retried.
public final class GRPCClientChannel: RPCChannel {
  private let configuration: ClientConfiguration
  private let core: ClientCore

  /// A channel; connects later.
  public init(_ configuration: ClientConfiguration) {
    self.configuration = configuration
    self.core = ClientCore(configuration, loop: configuration.group.next())
  }

  deinit {
    let core = self.core
    core.loop.execute { core.close() }
  }

  /// Makes a unary call. Throws `ServiceError` with the call's status.
  public func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    let call = self.makeCall(method, options, request: request)
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        call.onLoop {
          call.tellAnswer(continuation)
          self.core.start(call)
        }
      }
    } onCancel: {
      self.leave(call)
    }
  }

  /// Makes a call of one of the streaming kinds. Throws what `body` throws, or `ServiceError` if
  /// the call could not be opened.
  public func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    let call = self.makeCall(method, options, request: nil)
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

  /// Ends every call with `UNAVAILABLE` and closes the connection; later calls fail.
  public func close() async {
    await withUnsafeContinuation { continuation in
      self.core.loop.execute { self.core.close(continuation) }
    }
  }

  private func makeCall(
    _ method: Method, _ options: CallOptions, request: [UInt8]?
  ) -> ClientCall {
    var fields = HeaderList([
      ":method": "POST", ":scheme": self.configuration.tls == nil ? "http" : "https",
      ":path": method.path,
      ":authority": self.configuration.host, "te": "trailers",
      "content-type": "application/grpc", "user-agent": "anju-swift",
    ])
    if let timeoutMs = options.timeoutMs {
      fields.append("grpc-timeout", GRPCTimeout.text(milliseconds: timeoutMs))
    }
    fields.append(options.metadata)
    return ClientCall(
      loop: self.core.loop, fields, options, request: request,
      limits: self.configuration.limits)
  }

  /// Ends a call that its caller has left; does nothing to one that is over.
  private func leave(_ call: ClientCall) {
    call.onLoop { call.fail(CallFlow.cancelled) }
  }
}
