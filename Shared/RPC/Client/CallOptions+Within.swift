extension CallOptions {
  /// Options for a call that a handler makes while it serves `context`: it is given at most what is
  /// left of the caller's time minus `DeadlineReserve`, and stands in the caller's trace. With
  /// nothing left the call is not made and ends with `DEADLINE_EXCEEDED`.
  ///
  /// Cancellation needs no option: a call is cancelled with the task that makes it.
  public init(within context: CallContext, timeoutMs: Int64? = nil) {
    let left = context.remainingMs.map(DeadlineReserve.passedOn)
    self.init(timeoutMs: [left, timeoutMs].compactMap { $0 }.min())
    self.trace = context.trace
  }

  /// The metadata as it is sent, with the trace. What the metadata itself says of a trace counts.
  public var sentMetadata: Metadata {
    guard let trace = self.trace, self.metadata["traceparent"] == nil else { return self.metadata }
    var metadata = self.metadata
    metadata.append("traceparent", trace.traceparent)
    if !trace.state.isEmpty { metadata.append("tracestate", trace.state) }
    return metadata
  }
}
