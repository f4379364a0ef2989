import DomainModel
import RPC
import TestSupport
import Testing

@Suite struct InFlightLimitTests {
  /// A service whose unary method waits until the clock has gone a second on.
  private static func waiting(_ clock: FakeClock) -> EchoService {
    var service = EchoService()
    let end = clock.now().adding(milliseconds: 1_000)
    service.onEcho = { _, _ in try await clock.sleep(until: end) }
    return service
  }

  @Test func `calls over a method's bound are told when to come back, others are served`()
    async throws
  {
    let clock = FakeClock()
    let limits = InFlightLimits(callsMax: 1, methods: ["Echo": 2])
    let channel = try InProcessTransport(
      Self.waiting(clock).router(limits: limits), clock: clock)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
        }
      }
      #expect(await clock.waitForSleepers(2))
      let error = await #expect(throws: ServiceError.self) {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
      }
      #expect(error?.reason == "OVERLOADED")
      #expect(error?.code == .resourceExhausted)
      #expect(error?.retryDelayMs == InFlightLimits.retryDelayMs)
      try await channel.bidirectionalStreaming(EchoService.chat) {
        (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
        try await requests.write(RawMessage())
        var iterator = answers.makeAsyncIterator()
        _ = try await iterator.next()
        let full = await #expect(throws: ServiceError.self) {
          try await channel.bidirectionalStreaming(EchoService.chat) {
            (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
            for try await _ in answers {}
          }
        }
        #expect(full?.reason == "OVERLOADED")
      }
      clock.advance(milliseconds: 1_000)
      try await group.waitForAll()
    }
    let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
  }

  @Test func `a caller who is not let in takes nobody's room`() async throws {
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, .only([.officer: .office])) }
    let router = EchoService().router(access: access, limits: InFlightLimits(callsMax: 1))
    let channel = try InProcessTransport(router, clock: FakeClock())
    for _ in 0..<3 {
      let error = await #expect(throws: ServiceError.self) {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
      }
      #expect(error?.code == .unauthenticated)
    }
  }

  @Test func `a bound for a method that is not there keeps a router from starting`() {
    let router = EchoService().router(limits: InFlightLimits(methods: ["Ecco": 1]))
    let error = #expect(throws: RouterError.self) { try router.check() }
    #expect(error?.problems == ["Ecco has a bound on its calls but is not registered"])
  }
}
