import RPC
import TestSupport
import Testing

@Suite struct AuthorizedChannelTests {
  private let officer = Caller(kind: .officer, id: "police-7", office: "330106", role: "review")

  /// Who a handler sees when a call with these options comes over a stamped channel.
  private func seen(_ caller: Caller, _ options: CallOptions) async throws -> CallContext? {
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, .anyone) }
    let contexts = Kept<CallContext>()
    var service = EchoService()
    service.onEcho = { _, context in contexts.keep(context) }
    let channel = try InProcessTransport(service.router(access: access), clock: FakeClock())
    let _: RawMessage = try await channel.calling(as: caller)
      .unary(EchoService.echo, RawMessage(), options)
    return contexts.last
  }

  @Test func `every call carries the channel's caller`() async throws {
    let context = try await self.seen(self.officer, CallOptions())
    #expect(context?.caller == self.officer)
  }

  @Test func `who holds the channel cannot call under another name`() async throws {
    var options = CallOptions(metadata: Metadata(caller: self.officer))
    options.metadata.append("traceparent", "00-1")
    options.metadata.append("some-bin", bytes: [1])
    let context = try await self.seen(Caller(service: .intake), options)
    #expect(context?.caller == Caller(service: .intake))
    #expect(context?.metadata["traceparent"] == "00-1")
    #expect(context?.metadata.bytes("some-bin") == [1])
    #expect(context?.metadata.entries.count == 2)
  }

  @Test func `a stream carries it too`() async throws {
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, .services([.registry])) }
    let channel = try InProcessTransport(
      EchoService().router(access: access), clock: FakeClock())
    let count = try await channel.calling(as: Caller(service: .registry))
      .serverStreaming(EchoService.list, RawMessage("3")) {
        (answers: ResponseStream<RawMessage>) in
        var count = 0
        for try await _ in answers { count += 1 }
        return count
      }
    #expect(count == 3)
  }

  @Test(arguments: [
    ("/a.B/C", "a.B"), ("a.B/C", nil), ("/a.B", nil), ("/a.B/C/D", nil), ("//C", nil),
    ("/a.B/", nil), ("", nil),
  ])
  func `a stored path is a method or nothing`(_ path: String, _ service: String?) {
    let method = Method(path: path, kind: .unary)
    #expect(method?.service == service)
    #expect(method == nil || method?.path == path)
  }
}
