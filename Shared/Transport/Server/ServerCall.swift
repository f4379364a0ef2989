import DomainModel
import HTTP2
import NIOCore
import RPC

/// When a call began, and when its caller stops waiting.
struct CallTime {
  let startedAt: NIODeadline
  let deadline: NIODeadline?
}

/// One call on a server's connection, from its header fields to its trailers. Confined to its loop,
/// but for the flow of messages.
final class ServerCall: CallFlow, @unchecked Sendable {
  private enum State {
    /// A unary call waits for its request.
    case collecting
    /// The handler runs.
    case running
    /// The caller has been told how the call ended; the handler may still run.
    case told
  }

  private let connection: ServerConnection
  let stream: HTTP2Stream
  private let route: Route
  private let context: CallContext
  private let time: CallTime

  private var state = State.collecting
  private var reader: MessageReader
  private var outcome: ServiceError?
  private var task: Task<Void, Never>?
  private var hasResponded = false
  /// Request bytes of this call that no handler has taken yet.
  private var waitingBytes = 0
  /// Whether the loop counts this call among those that are open.
  private var isCounted = false
  private var isStreamClosed = false
  private var patience: Patience
  /// How many bytes of the request have come.
  private var receivedBytes = 0
  /// How many messages of the request have come.
  private var receivedMessages = 0

  init(
    _ connection: ServerConnection, _ stream: HTTP2Stream, _ route: Route, _ context: CallContext,
    _ time: CallTime
  ) {
    self.connection = connection
    self.stream = stream
    self.route = route
    self.context = context
    self.time = time
    let limits = connection.limits
    self.patience = Patience(limits)
    self.reader = MessageReader(messageBytesMax: limits.messageBytesMax)
    super.init(loop: connection.loop, outboundBytesMax: limits.outboundBytesMax)
  }

  /// When the caller stops waiting.
  var deadline: NIODeadline? { self.time.deadline }

  // What the connection reports.

  /// Starts the handler of a streaming call; a unary one waits for its request. The loop has
  /// counted the call.
  func begin() {
    self.isCounted = true
    guard self.route.method.kind != .unary else { return }
    self.state = .running
    self.task = Task(executorPreference: self.connection.executor) { await self.runStream() }
  }

  func received(_ bytes: UnsafeRawBufferPointer) {
    self.receivedBytes += bytes.count
    guard self.state != .told else {
      self.giveBack(bytes.count)
      return
    }
    self.waitingBytes += bytes.count
    do throws(ServiceError) {
      try self.connection.addWaiting(bytes.count)
      try self.reader.feed(bytes) {
        self.receivedMessages += 1
        self.received($0)
      }
      self.tookBytes(bytes.count)
    } catch {
      self.refuse(error)
    }
  }

  /// The caller has sent all its messages.
  func requestEnded() {
    guard self.state != .told else { return }
    guard self.reader.isAtBoundary else {
      self.refuse(ServiceError(code: .internal, message: "The request ends within a message."))
      return
    }
    self.inboundFinished()
    if self.state == .collecting { self.startUnary() }
  }

  /// The deadline has passed: the caller is told now, the handler is cancelled.
  func expire() {
    self.refuse(
      ServiceError(code: .deadlineExceeded, message: "The call's deadline has passed."))
  }

  /// The stream is gone: reset by the caller, or with its connection.
  func closed() {
    self.isStreamClosed = true
    self.release()
    if self.state != .told { self.tell(CallFlow.cancelled) }
    self.checkOver()
  }

  /// Ends the call if it has waited for its caller too long.
  func tick() {
    let kind = self.route.method.kind
    let takesOne = kind == .unary || kind == .serverStreaming
    let isOwed =
      takesOne ? !self.isInboundOver : self.isReading && !self.reader.isAtBoundary
    let need = Patience.Need(
      message: isOwed ? self.receivedMessages : nil, isReading: self.isReading,
      isWriting: self.outboundBytes > 0 || self.state == .told)
    let bytes = Patience.Bytes(received: self.receivedBytes, sent: self.stream.sentBytes)
    switch self.patience.tick(need, bytes) {
    case .waits: break
    case .requestIsLate: self.giveUp("The request took too long to come.")
    case .isStalled: self.giveUp("The caller has sent or taken too little for too long.")
    }
  }

  /// Ends the call with an error now, whatever its handler does.
  func refuse(_ error: ServiceError) {
    guard self.state != .told else { return }
    let wasRunning = self.state == .running
    self.sendNow(error)
    self.tell(error)
    if !wasRunning { self.report(self.context, error, wasBegun: false) }
  }

  private func giveUp(_ message: String) {
    let error = ServiceError(code: .deadlineExceeded, message: message)
    if self.state == .told {
      // The caller does not even take how the call ended.
      self.sendNow(error)
    } else {
      self.refuse(error)
    }
  }

  // The flow's side of the stream.

  override var outboundBytes: Int { self.stream.outboundBytes }

  override func send(_ message: [UInt8]) {
    self.sendMessage(message)
    self.connection.flushLater()
  }

  override func giveBack(_ count: Int) {
    self.connection.session.consume(count, on: self.stream)
    self.connection.flushLater()
  }

  override func messageTaken(_ count: Int) {
    // The five bytes of prefix stay on the account until the call ends.
    self.waitingBytes -= count
    self.connection.removeWaiting(count)
  }

  override func notifyWhenBelow(_ bytes: Int) {
    self.stream.notifyBelowBytes = bytes
  }

  private func startUnary() {
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
    self.state = .running
    self.task = Task(executorPreference: self.connection.executor) {
      await self.runUnary(request)
    }
  }

  nonisolated(nonsending) private func runUnary(_ request: [UInt8]) async {
    var context = self.context
    do throws(ServiceError) {
      let answer = try await self.route.unary(request, &context)
      self.sendAnswer(answer)
      self.complete(context, nil)
    } catch {
      self.complete(context, error)
    }
  }

  nonisolated(nonsending) private func runStream() async {
    var context = self.context
    do throws(ServiceError) {
      try await self.route.stream(self, self, &context)
      self.complete(context, nil)
    } catch {
      self.complete(context, error)
    }
  }

  /// The handler has ended; on the loop, because its task prefers it.
  private func complete(_ context: CallContext, _ error: ServiceError?) {
    self.loop.preconditionInEventLoop()
    self.task = nil
    if self.state != .told {
      if let error { self.sendError(error) } else { self.sendOK() }
      self.outcome = error
      self.state = .told
      self.ended(error)
    }
    self.report(context, self.outcome, wasBegun: true)
    self.checkOver()
  }

  /// The call is over once its stream is gone and no handler runs.
  private func checkOver() {
    guard self.isCounted, self.isStreamClosed, self.task == nil else { return }
    self.isCounted = false
    self.connection.callEnded()
  }

  /// Ends both flows with `error` and cancels the handler.
  private func tell(_ error: ServiceError) {
    self.state = .told
    self.outcome = error
    self.dropInbox()
    self.ended(error)
    self.release()
    self.task?.cancel()
  }

  private func report(_ context: CallContext, _ error: ServiceError?, wasBegun: Bool) {
    let duration = NIODeadline.now() - self.time.startedAt
    self.route.ended(
      context,
      CallOutcome(error: error, durationNs: duration.nanoseconds, wasBegun: wasBegun))
  }

  /// Takes this call's bytes off its connection's account.
  private func release() {
    self.connection.removeWaiting(self.waitingBytes)
    self.waitingBytes = 0
  }
}

// What goes out on the stream.
extension ServerCall {
  private func sendAnswer(_ answer: [UInt8]) {
    guard self.state != .told else { return }
    self.sendMessage(answer)
  }

  private func sendMessage(_ message: [UInt8]) {
    self.respondOnce()
    self.connection.session.writeMessage(message, on: self.stream)
  }

  private func sendOK() {
    self.respondOnce()
    self.connection.session.finish(self.stream, trailers: ResponseHeaders.ok)
    self.connection.flushLater()
  }

  /// Sends an error after the answers that were sent before it.
  private func sendError(_ error: ServiceError) {
    guard self.hasResponded else {
      self.sendNow(error)
      return
    }
    self.connection.session.finish(self.stream, trailers: ResponseHeaders.trailers(error))
    self.connection.flushLater()
  }

  /// Sends an error at once. Answers that wait to be sent are dropped: a caller that does not take
  /// them would never hear of it.
  private func sendNow(_ error: ServiceError) {
    if self.hasResponded {
      self.connection.session.cutShort(self.stream, trailers: ResponseHeaders.trailers(error))
    } else {
      self.hasResponded = true
      self.connection.session.respondOnly(self.stream, ResponseHeaders.trailersOnly(error))
    }
    self.connection.flushLater()
  }

  private func respondOnce() {
    guard !self.hasResponded else { return }
    self.hasResponded = true
    self.connection.session.respond(self.stream, ResponseHeaders.begin)
  }
}
