import DomainModel
import TestSupport
import Testing

@testable import RPC

@Suite struct TraceParentTests {
  private static let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  @Test func `a header is read and written as W3C says`() throws {
    let parent = try #require(TraceParent(Self.good))
    #expect(parent.traceID.description == "0af7651916cd43dd8448eb211c80319c")
    #expect(parent.spanID == 0xB7AD_6B71_6920_3331)
    #expect(parent.flags == 1)
    let next = TraceContext(
      traceID: parent.traceID, spanID: 15, parentID: parent.spanID, flags: 0xFF, state: "")
    #expect(next.traceparent == "00-0af7651916cd43dd8448eb211c80319c-000000000000000f-03")
  }

  @Test(arguments: [
    "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
    "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319cb-7ad6b7169203331-01",
    " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ])
  func `a malformed header is none`(_ text: String) {
    #expect(TraceParent(text) == nil)
  }

  @Test(arguments: ["cc-", "01-", "fe-"])
  func `of a later version the known fields are read`(_ version: String) {
    let text = version + Self.good.dropFirst(3)
    #expect(TraceParent(text) == TraceParent(Self.good))
    #expect(TraceParent(text + "-what-the-future-brings") == TraceParent(Self.good))
  }
}

@Suite struct TraceStateTests {
  @Test(
    arguments: [
      ([], ""), ([""], ""), (["a=1"], "a=1"), (["a=1", "b=2"], "a=1,b=2"),
      ([" a=1 \t, ,b=2 2 ,"], "a=1,b=2 2"), (["t0@v=x", "a_-*/9=!~"], "t0@v=x,a_-*/9=!~"),
    ] as [([String], String)])
  func `members are passed on in their order`(_ headers: [String], _ passed: String) {
    #expect(TraceState.passed(on: headers) == passed)
  }

  @Test(arguments: [
    "a", "=1", "a=", "a=1=2", "A=1", "9=1", "a=é", "a b=1", "a@=1", "@b=1", "a@b@c=1", "a@9=1",
    String(repeating: "a", count: 257) + "=1", "a=" + String(repeating: "1", count: 257),
    (0..<33).map { "k\($0)=1" }.joined(separator: ","),
  ])
  func `a malformed list is dropped whole`(_ text: String) {
    #expect(TraceState.passed(on: ["good=1", text]) == "")
  }

  @Test func `what does not fit is left out, whole members at a time`() {
    let long = (0..<4).map { "k\($0)=" + String(repeating: "v", count: 200) }
    let passed = TraceState.passed(on: long + ["short=1"])
    #expect(passed == long.prefix(2).joined(separator: ",") + ",short=1")
    #expect(passed.utf8.count <= TraceState.bytesMax)
  }
}

@Suite struct TracingTests {
  private let logs = RecordedLogs()

  /// The trace that a handler sees of a call with this metadata, and what a call that it makes
  /// carries.
  private func trace(
    _ metadata: Metadata, begins: Bool = false
  ) async throws -> (TraceContext?, Metadata) {
    let seen = Heard<(TraceContext?, Metadata)>()
    var service = EchoService()
    service.onEcho = { _, context in
      seen.keep((context.trace, CallOptions(within: context).sentMetadata))
    }
    let router = service.router(
      tracing: Tracing(random: SeededRandom(), beginsTraces: begins), logger: self.logs.logger())
    let channel = try InProcessTransport(router, clock: FakeClock())
    let _: RawMessage = try await channel.unary(
      EchoService.echo, RawMessage(), CallOptions(metadata: metadata))
    return try #require(seen.all.first)
  }

  @Test func `a hop stands in its caller's trace under a span of its own`() async throws {
    let (trace, sent) = try await self.trace(
      Metadata([
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate": "a=1", "tracestate": "b=2",
      ]))
    let kept = try #require(trace)
    #expect(kept.traceID.description == "0af7651916cd43dd8448eb211c80319c")
    #expect(kept.parentID == 0xB7AD_6B71_6920_3331)
    #expect(kept.spanID != kept.parentID && kept.spanID != 0)
    #expect(sent["traceparent"] == kept.traceparent)
    #expect(sent["tracestate"] == "a=1,b=2")
    let line = try #require(self.logs.lines.first { $0.message == "call" })
    #expect(line.metadata["trace.id"] == kept.traceID.description)
    #expect(line.metadata["span.id"] == kept.spanIDText)
  }

  @Test func `a malformed or repeated header begins a new trace without the state`() async throws {
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for metadata in [
      Metadata(["traceparent": "nonsense", "tracestate": "a=1"]),
      Metadata(["traceparent": good, "traceparent": good, "tracestate": "a=1"]),
    ] {
      let (trace, sent) = try await self.trace(metadata)
      let kept = try #require(trace)
      #expect(kept.traceID.description != "0af7651916cd43dd8448eb211c80319c")
      #expect(kept.parentID == nil)
      #expect(kept.state.isEmpty && sent["tracestate"] == nil)
      #expect(TraceParent(kept.traceparent)?.spanID == kept.spanID)
    }
  }

  @Test func `a call without a trace gets one only where traces begin`() async throws {
    let (none, sent) = try await self.trace(Metadata())
    #expect(none == nil)
    #expect(sent == Metadata())
    #expect(self.logs.lines.allSatisfy { $0.metadata["trace.id"] == nil })
    let (begun, carried) = try await self.trace(Metadata(), begins: true)
    #expect(begun?.parentID == nil)
    #expect(carried["traceparent"] == begun?.traceparent)
  }
}
