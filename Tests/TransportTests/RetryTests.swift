import DomainModel
import HTTP2
import RPC
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// The attempts at one call, without a network.
@Suite struct RetryStateTests {
  private let throttle = RetryThrottle(RetryThrottling())
  private let random = SeededRandom()

  private func failure(
    _ code: ServiceError.Code = .unavailable, hasAnswerBegun: Bool = false, pushback: String? = nil,
    retryDelayMs: Int64? = nil
  ) -> FailedAttempt {
    FailedAttempt(
      error: ServiceError(code: code, message: "", retryDelayMs: retryDelayMs),
      hasAnswerBegun: hasAnswerBegun, pushback: Pushback(pushback))
  }

  private func wait(
    _ state: inout RetryState, _ failure: FailedAttempt, leftMs: Int64? = nil
  ) -> Int64? {
    state.failed(failure, leftMs: leftMs, self.throttle, self.random)
  }

  @Test func `waits grow up to a bound and are off by a fifth at most`() throws {
    var state = RetryState(RetryPolicy(attemptsMax: 5, firstMs: 100, maxMs: 300))
    for expected: Int64 in [100, 200, 300, 300] {
      let wait = try #require(self.wait(&state, self.failure()))
      #expect((expected * 8 / 10...expected * 12 / 10).contains(wait))
    }
    #expect(self.wait(&state, self.failure()) == nil)
  }

  @Test func `a status that the policy does not name ends the call`() {
    var state = RetryState(RetryPolicy())
    #expect(self.wait(&state, self.failure(.internal)) == nil)
  }

  @Test func `nothing is made again once its answer has begun`() {
    var state = RetryState(RetryPolicy())
    #expect(self.wait(&state, self.failure(hasAnswerBegun: true)) == nil)
  }

  @Test func `the server's wait counts before ours, and begins ours anew`() throws {
    var state = RetryState(RetryPolicy(attemptsMax: 4, firstMs: 100, maxMs: 1_000))
    _ = self.wait(&state, self.failure())
    #expect(self.wait(&state, self.failure(pushback: "7")) == 7)
    let wait = try #require(self.wait(&state, self.failure()))
    #expect((80...120).contains(wait))
  }

  @Test(arguments: ["-1", "x", "", "99999999999999999999"])
  func `a server may forbid another attempt`(_ pushback: String) {
    var state = RetryState(RetryPolicy())
    #expect(self.wait(&state, self.failure(pushback: pushback)) == nil)
  }

  @Test func `RetryInfo is waited for`() {
    var state = RetryState(RetryPolicy())
    #expect(self.wait(&state, self.failure(retryDelayMs: 5_000)) == 5_000)
  }

  @Test func `there is no attempt that would begin after the deadline`() {
    var state = RetryState(RetryPolicy(firstMs: 100))
    #expect(self.wait(&state, self.failure(), leftMs: 70) == nil)
  }

  @Test func `when much fails nothing is retried, until enough succeeds again`() {
    let throttle = RetryThrottle(RetryThrottling(tokensMax: 4, tokensPerThousand: 500))
    #expect(throttle.allowsRetry)
    throttle.failed()
    #expect(throttle.allowsRetry)
    throttle.failed()
    #expect(!throttle.allowsRetry)
    throttle.succeeded()
    #expect(throttle.allowsRetry)
    for _ in 0..<20 { throttle.failed() }
    for _ in 0..<4 { throttle.succeeded() }
    #expect(!throttle.allowsRetry)
    throttle.succeeded()
    #expect(throttle.allowsRetry)
  }
}

/// Retries over real connections.
@Suite struct RetryTests {
  private static func channel(_ port: Int, _ policy: MethodPolicy) -> GRPCClientChannel {
    var configuration = ClientConfiguration(
      host: "127.0.0.1", port: port, random: SeededRandom())
    configuration.policies.set(policy, for: [EchoService.echo])
    return GRPCClientChannel(configuration)
  }

  private static let patient = MethodPolicy(retry: RetryPolicy(firstMs: 5, maxMs: 10))

  /// A service whose first calls fail, and the attempts it was told of.
  private static func failing(
    _ times: Int, _ error: ServiceError
  ) -> (EchoService, Box<[String?]>) {
    let attempts = Box<[String?]>([])
    var service = EchoService()
    service.onEcho = { _, context in
      let number = attempts.change {
        $0.append(context.metadata["grpc-previous-rpc-attempts"])
        return $0.count
      }
      if number <= times { throw error }
    }
    return (service, attempts)
  }

  private static let busy = ServiceError(code: .unavailable, message: "busy")

  @Test func `a call declared idempotent is made again, and says so`() async throws {
    let (service, attempts) = Self.failing(2, Self.busy)
    try await withLoopback(service) { _, _, port in
      let channel = Self.channel(port, Self.patient)
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("again"))
      #expect(answer.text == "again")
      #expect(attempts.value.count == 3)
      await channel.close()
    }
  }

  @Test func `a server is told how many attempts there were`() async throws {
    let fields = Box<[String?]>([])
    let server = try await RawServer(onFields: { fields.append($0["grpc-previous-rpc-attempts"]) })
    {
      event, connection, _ in
      guard case .request(let stream) = event else { return }
      if fields.value.count < 3 {
        connection.refuse(stream, 14)
      } else {
        connection.answer(stream)
      }
    }
    let channel = Self.channel(server.port, Self.patient)
    _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 10_000))
    #expect(fields.value == [nil, "1", "2"])
    await channel.close()
    await server.close()
  }

  /// What a call's hooks are told by a server that refuses its first `refusals` attempts, each with
  /// its number in the trailers, and answers the next one.
  private static func told(
    after refusals: Int, _ pushback: String? = nil
  ) async throws -> (heads: [String?], trailers: [String?], ending: ServiceError.Code?) {
    let attempts = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      attempts.step()
      let number = "\(attempts.count)"
      guard attempts.count <= refusals else {
        connection.answer(stream, ["x-attempt": number])
        return
      }
      if let pushback {
        connection.refuse(stream, 14, ["x-attempt": number, "grpc-retry-pushback-ms": pushback])
      } else {
        connection.refuse(stream, 14, ["x-attempt": number])
      }
    }
    let heads = Heard<String?>()
    let trailers = Heard<String?>()
    var options = CallOptions()
    options.onResponseMetadata = { heads.keep($0["x-attempt"]) }
    options.onTrailers = { trailers.keep($0["x-attempt"]) }
    let channel = Self.channel(server.port, Self.patient)
    let ending = await code { _ = try await channel.unary(EchoService.echo, [], options) }
    // What has been told when the call ends is all that is ever told.
    let told = (heads.all, trailers.all, ending)
    await channel.close()
    await server.close()
    #expect(heads.all == told.0 && trailers.all == told.1)
    return told
  }

  @Test func `a caller is told the metadata of the attempt that is answered, and of no other`()
    async throws
  {
    let told = try await Self.told(after: 2)
    #expect(told == (["3"], ["3"], nil))
  }

  @Test func `a caller is told the trailers of the attempt that is the last`() async throws {
    let exhausted = try await Self.told(after: 9)
    #expect(exhausted == ([], ["3"], .unavailable))
    let forbidden = try await Self.told(after: 9, "-1")
    #expect(forbidden == ([], ["1"], .unavailable))
  }

  @Test func `the last attempt's status is the call's`() async throws {
    let (service, attempts) = Self.failing(9, Self.busy)
    try await withLoopback(service) { _, _, port in
      let channel = Self.channel(port, Self.patient)
      let error = await #expect(throws: ServiceError.self) {
        _ = try await channel.unary(EchoService.echo, [], CallOptions())
      }
      #expect(error?.message == "busy")
      #expect(attempts.value.count == 3)
      await channel.close()
    }
  }

  @Test func `a call that nobody declared idempotent is made once`() async throws {
    let (service, attempts) = Self.failing(1, Self.busy)
    try await withLoopback(service) { channel, _, _ in
      let ending = await code {
        _ = try await channel.unary(EchoService.echo, [], CallOptions())
      }
      #expect(ending == .unavailable)
      #expect(attempts.value.count == 1)
    }
  }

  @Test(arguments: ["-1", "60000"])
  func `a server's push-back is heeded`(_ pushback: String) async throws {
    let requests = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      requests.step()
      connection.refuse(stream, 14, ["grpc-retry-pushback-ms": pushback])
    }
    let channel = Self.channel(server.port, Self.patient)
    let ending = await code {
      _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 5_000))
    }
    #expect(ending == .unavailable)
    #expect(requests.count == 1)
    await channel.close()
    await server.close()
  }

  @Test func `a method's own timeout bounds a call that has none or a longer one`() async throws {
    var service = EchoService()
    service.onEcho = { _, _ in try await ContinuousClock().sleep(for: .seconds(60)) }
    try await withLoopback(service) { _, _, port in
      let channel = Self.channel(port, MethodPolicy(timeoutMs: 100))
      for timeoutMs: Int64? in [nil, 60_000] {
        let ending = await code {
          _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: timeoutMs))
        }
        #expect(ending == .deadlineExceeded)
      }
      await channel.close()
    }
  }

  @Test func `a caller that is cancelled between two attempts gets CANCELLED`() async throws {
    let slow = MethodPolicy(retry: RetryPolicy(firstMs: 60_000, maxMs: 60_000))
    let (service, attempts) = Self.failing(9, Self.busy)
    try await withLoopback(service) { _, _, port in
      let channel = Self.channel(port, slow)
      let task = Task {
        await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
      }
      #expect(await eventually { attempts.value.count == 1 })
      try await ContinuousClock().sleep(for: .milliseconds(50))
      task.cancel()
      #expect(await task.value == .cancelled)
      await channel.close()
    }
  }
}

/// A value that several tasks change and a test reads.
final class Box<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  init(_ value: Value) {
    self.mutex = Mutex(value)
  }

  var value: Value { self.mutex.withLock { $0 } }

  func change<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
    self.mutex.withLock { body(&$0) }
  }

  func append<Element: Sendable>(_ element: Element) where Value == [Element] {
    self.mutex.withLock { $0.append(element) }
  }
}
