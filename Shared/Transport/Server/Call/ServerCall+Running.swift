import DomainModel
import NIOCore
import RPC

// The handler's life, from its start to its end.
extension ServerCall {
  func startUnary() {
    guard case .success(let request?) = self.takeReady() else {
      self.refuse(
        ServiceError(code: .unimplemented, message: "The request has no message; one is needed."))
      return
    }
    guard case .success(nil) = self.takeReady() else {
      self.refuse(
        ServiceError(
          code: .unimplemented, message: "The request has several messages; one is allowed."))
      return
    }
    guard self.hasTimeLeft() else { return }
    self.state = .running
    // Kept here and not by the task: a closure over nothing but the call needs no box.
    self.request = request
    self.task = Task(executorPreference: self.connection.executor) { await self.runUnary() }
  }

  func startStream() {
    guard self.hasTimeLeft() else { return }
    self.state = .running
    self.task = Task(executorPreference: self.connection.executor) { await self.runStream() }
  }

  /// Whether the caller waits long enough for a handler to be worth its while; if not, it is told
  /// so.
  private func hasTimeLeft() -> Bool {
    guard let deadline = self.terms.deadline else { return true }
    let left = deadline - self.connection.turnBegan
    guard left <= .zero || left < .milliseconds(self.connection.limits.deadlineLeftMsMin) else {
      return true
    }
    self.refuse(
      ServiceError(code: .deadlineExceeded, message: "Too little time was left for the call."))
    return false
  }

  // What an async function holds lies in its task's memory, which comes in blocks of a kilobyte. So
  // what these two call is not inlined into them, and the context is made where it is used.

  /// What the handler is told of the call.
  @inline(never)
  func context() -> CallContext {
    self.route.context(
      metadata: self.terms.metadata, deadline: self.terms.toldDeadline,
      peer: self.connection.peer, link: self)
  }

  nonisolated(nonsending) private func runUnary() async {
    guard let request = self.request.take() else {
      preconditionFailure("a unary call runs once, with its message")
    }
    var context = self.context()
    do throws(ServiceError) {
      try self.connection.checkRoom()
      let answer = try await self.route.unary(
        request.bytes, &context, inflate: request.isCompressed ? self.inflate() : nil)
      if self.wouldCompress(answer, nil) {
        try await self.sendCompressed(answer)
      } else {
        try self.sendPlain(answer)
      }
      self.complete(context, nil)
    } catch {
      self.complete(context, error)
    }
  }

  @inline(never)
  private func inflate() -> Route.Inflate {
    self.wasCompressed = true
    return { try await self.inflated(FramedMessage(bytes: $0, isCompressed: true)) }
  }

  @inline(never)
  private func sendPlain(_ answer: [UInt8]) throws(ServiceError) {
    try self.bounds.check(answer)
    if self.state != .told { self.sendCounted(FramedMessage(bytes: answer)) }
  }

  nonisolated(nonsending) private func sendCompressed(
    _ answer: [UInt8]
  ) async throws(ServiceError) {
    try self.bounds.check(answer)
    let message = try await Gzip.framed(answer, isAskedFor: false)
    if self.state != .told { self.sendCounted(message) }
  }

  nonisolated(nonsending) private func runStream() async {
    var context = self.context()
    do throws(ServiceError) {
      try await self.route.stream(self, self, &context)
      self.complete(context, nil)
    } catch {
      self.complete(context, error)
    }
  }

  /// The handler has ended; on the loop, because its task prefers it.
  @inline(never)
  private func complete(_ context: CallContext, _ error: ServiceError?) {
    self.loop.preconditionInEventLoop()
    self.task = nil
    if self.state != .told {
      self.sendEnd(error)
      self.outcome = error
      self.state = .told
      self.ended(error)
    }
    self.report(context, self.outcome, wasBegun: true)
    self.checkOver()
  }

  func report(_ context: CallContext, _ error: ServiceError?, wasBegun: Bool) {
    let duration = NIODeadline.now() - self.terms.startedAt
    self.route.ended(
      context,
      CallOutcome(
        error: error, durationNs: duration.nanoseconds, wasBegun: wasBegun, traffic: self.traffic))
  }
}
