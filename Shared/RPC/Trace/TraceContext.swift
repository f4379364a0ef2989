/// Where a call stands in a distributed trace, as W3C's Trace Context says (`traceparent` and
/// `tracestate`, version 00): the trace, this process's span in it, and what others carry along.
public final class TraceContext: Hashable, Sendable {
  /// The trace's id: 16 bytes, not all zero.
  public let traceID: TraceID
  /// This hop's own span, under which its calls to others stand; not zero.
  public let spanID: UInt64
  /// The caller's span; nil for the first hop of a trace.
  public let parentID: UInt64?
  /// `trace-flags`: bit 0 says that the trace is kept, bit 1 that its id is random. No other bit is
  /// passed on.
  public let flags: UInt8
  /// `tracestate` as it is passed on; empty for none.
  public let state: String

  /// A trace's id in two halves, the first bytes in `high`.
  public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// 32 hexadecimal digits.
    public var description: String { TraceContext.hex(self.high) + TraceContext.hex(self.low) }
  }

  /// The bits of `trace-flags` that are passed on.
  static let flagsKnown: UInt8 = 0b11

  init(traceID: TraceID, spanID: UInt64, parentID: UInt64?, flags: UInt8, state: String) {
    self.traceID = traceID
    self.spanID = spanID
    self.parentID = parentID
    self.flags = flags & Self.flagsKnown
    self.state = state
  }

  /// 16 hexadecimal digits.
  public var spanIDText: String { Self.hex(self.spanID) }

  /// The header that calls made by this hop carry.
  public var traceparent: String {
    "00-\(self.traceID)-\(self.spanIDText)-0\(self.flags)"
  }

  /// Whether all of both is equal.
  public static func == (left: TraceContext, right: TraceContext) -> Bool {
    left.traceID == right.traceID && left.spanID == right.spanID && left.parentID == right.parentID
      && left.flags == right.flags && left.state == right.state
  }

  /// Hashes the ids.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.traceID)
    hasher.combine(self.spanID)
  }

  private static func hex(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
