public import DomainModel

/// A channel straight onto a router in the same process: no socket, no thread, no bytes of HTTP/2.
/// The whole call layer runs, interceptors and the access table included, and status and details go
/// through their wire form, so that a test over it sees what a real client would.
///
/// A call with a timeout is raced against `clock`, so that it runs under a simulated one.
public struct InProcessTransport: RPCChannel {
  private let router: RPCRouter
  private let clock: any TimeSource

  /// A channel onto `router`. Throws `RouterError` as a server's start would.
  public init(_ router: RPCRouter, clock: any TimeSource) throws(RouterError) {
    try router.check()
    self.router = router
    self.clock = clock
  }

  /// Runs a unary call.
  public func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    let call = try self.open(method, options)
    return try await call.limited {
      var context = call.context
      do throws(ServiceError) {
        let answer = try await call.route.unary(request, &context)
        call.link.answer()
        call.end(context, nil)
        return answer
      } catch {
        throw call.end(context, error)
      }
    }
  }

  /// Runs a call of one of the streaming kinds; the handler runs beside `body`.
  public func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    let call = try self.open(method, options)
    let requests = MessagePipe()
    let responses = MessagePipe { call.link.answer() }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await call.serve(requests, responses) }
      defer {
        let gone = ServiceError(code: .cancelled, message: "The caller has left the call.")
        requests.fail(gone)
        responses.fail(gone)
        group.cancelAll()
      }
      return try await body(requests, responses)
    }
  }

  private func open(_ method: Method, _ options: CallOptions) throws -> InProcessCall {
    guard let route = self.router.route(method.path), route.method.kind == method.kind else {
      throw ServiceError(code: .unimplemented, message: "\(method.path) is not served here.")
    }
    try options.check()
    let started = self.clock.now()
    let deadline = options.timeoutMs.map { started.adding(milliseconds: $0) }
    let link = InProcessLink(options, deadline: deadline, clock: self.clock)
    let context = route.context(metadata: options.sentMetadata, deadline: deadline, link: link)
    return InProcessCall(
      route: route, context: context, link: link, clock: self.clock, started: started)
  }
}

/// One call under way in this process.
private struct InProcessCall: Sendable {
  let route: Route
  let context: CallContext
  let link: InProcessLink
  let clock: any TimeSource
  let started: Timestamp

  /// Runs the handler of a streaming call to its end and tells the reader of the answers.
  func serve(_ requests: MessagePipe, _ responses: MessagePipe) async {
    do {
      try await self.limited {
        var context = self.context
        do throws(ServiceError) {
          try await self.route.stream(requests, responses, &context)
          self.end(context, nil)
        } catch {
          throw self.end(context, error)
        }
      }
      await responses.finish()
      requests.discard()
    } catch {
      let told =
        error as? ServiceError ?? ServiceError(code: .internal, message: "The call broke.")
      responses.fail(told)
      requests.fail(told)
    }
  }

  /// Runs `work`, and cancels it when the call's deadline passes.
  func limited<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    guard let deadline = self.context.deadline else { return try await work() }
    return try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask(operation: work)
      group.addTask {
        try await self.clock.sleep(until: deadline)
        throw Self.late
      }
      defer { group.cancelAll() }
      do {
        guard let first = try await group.next() else { throw Self.late }
        return first
      } catch is CancellationError {
        throw ServiceError.cancelled
      }
    }
  }

  /// Ends the call at its route; returns the error as the caller will read it from the wire.
  @discardableResult
  func end(_ context: CallContext, _ error: ServiceError?) -> ServiceError {
    let now = self.clock.now()
    var told = error
    if let deadline = context.deadline, now >= deadline { told = Self.late }
    if told?.code != .deadlineExceeded { self.link.end() }
    let durationNs = (now.milliseconds - self.started.milliseconds) * 1_000_000
    self.route.ended(context, CallOutcome(error: told, durationNs: durationNs))
    return told.map { ServiceError(status: StatusWire($0)) } ?? Self.late
  }

  static let late = ServiceError(
    code: .deadlineExceeded, message: "The call's deadline has passed.")
}
