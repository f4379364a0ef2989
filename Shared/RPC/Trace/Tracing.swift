public import DomainModel
import Logging

/// Puts each call into its trace: reads `traceparent` and `tracestate`, makes this hop's own span,
/// and has every log line of the call say both ids.
///
/// A call that brings no trace gets none, and costs nothing, unless the server begins traces. A
/// malformed `traceparent` begins a new trace, as W3C says.
public struct Tracing: ServerInterceptor {
  private let random: any RandomSource
  private let beginsTraces: Bool

  /// The interceptor. With `beginsTraces` a call that brings no trace gets a new one.
  public init(random: any RandomSource, beginsTraces: Bool = false) {
    self.random = random
    self.beginsTraces = beginsTraces
  }

  /// Sets the call's trace.
  public func begin(_ context: inout CallContext) {
    guard let trace = self.trace(of: context.metadata) else { return }
    context.trace = trace
    context.logger[metadataKey: "trace.id"] = "\(trace.traceID)"
    context.logger[metadataKey: "span.id"] = "\(trace.spanIDText)"
  }

  private func trace(of metadata: Metadata) -> TraceContext? {
    guard let first = metadata["traceparent"] else {
      return self.beginsTraces ? self.newTrace() : nil
    }
    guard let parent = TraceParent(first), metadata.texts("traceparent").count == 1 else {
      return self.newTrace()
    }
    return TraceContext(
      traceID: parent.traceID, spanID: self.number(), parentID: parent.spanID,
      flags: parent.flags, state: TraceState.passed(on: metadata.texts("tracestate")))
  }

  /// A trace that begins here, with a random id; kept, because our log lines keep it.
  private func newTrace() -> TraceContext {
    TraceContext(
      traceID: TraceContext.TraceID(high: self.number(), low: self.number()),
      spanID: self.number(), parentID: nil, flags: 0b11, state: "")
  }

  /// A random number that is not zero.
  private func number() -> UInt64 {
    max(self.random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }, 1)
  }
}
