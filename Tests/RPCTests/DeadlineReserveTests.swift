import DomainModel
import RPC
import TestSupport
import Testing

@Suite struct DeadlineReserveTests {
  @Test(
    arguments: [
      (0, 0), (1, 0), (2, 1), (19, 18), (20, 19), (100, 95), (400, 380), (1_000, 980),
      (60_000, 59_980),
    ] as [(Int64, Int64)])
  func `a twentieth is kept, at least one and at most twenty milliseconds`(
    _ left: Int64, _ passedOn: Int64
  ) {
    #expect(DeadlineReserve.passedOn(left) == passedOn)
  }

  /// What a handler's own call is told of time, and how that call ends, if the handler is called
  /// with `timeoutMs` and works for `workMs` before it calls on.
  private func hop(
    _ timeoutMs: Int64?, workMs: Int64, own: Int64? = nil
  ) async throws -> (timeoutMs: Int64?, ending: ServiceError.Code?) {
    let clock = FakeClock()
    let inner = try InProcessTransport(EchoService().router(), clock: clock)
    let seen = Heard<(Int64?, ServiceError.Code?)>()
    var service = EchoService()
    service.onEcho = { _, context in
      clock.advance(milliseconds: workMs)
      let options = CallOptions(within: context, timeoutMs: own)
      do {
        let _: RawMessage = try await inner.unary(EchoService.echo, RawMessage(), options)
        seen.keep((options.timeoutMs, nil))
      } catch let error as ServiceError {
        seen.keep((options.timeoutMs, error.code))
      }
    }
    let outer = try InProcessTransport(service.router(), clock: clock)
    _ = try? await outer.unary(EchoService.echo, [], CallOptions(timeoutMs: timeoutMs))
    return try #require(seen.all.first)
  }

  @Test func `a handler's calls get what is left of its own time minus the reserve`() async throws {
    #expect(try await self.hop(1_000, workMs: 400) == (580, nil))
    #expect(try await self.hop(1_000, workMs: 400, own: 100) == (100, nil))
    #expect(try await self.hop(1_000, workMs: 400, own: 3_000) == (580, nil))
    #expect(try await self.hop(nil, workMs: 400, own: 3_000) == (3_000, nil))
    #expect(try await self.hop(nil, workMs: 400) == (nil, nil))
  }

  @Test func `with too little left the call is not made`() async throws {
    #expect(try await self.hop(1_000, workMs: 999) == (0, .deadlineExceeded))
    #expect(try await self.hop(1_000, workMs: 1_500) == (0, .deadlineExceeded))
  }
}
