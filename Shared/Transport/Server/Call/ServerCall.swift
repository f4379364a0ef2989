import DomainModel
import HTTP2
import NIOCore
import RPC

/// One call on a server's connection, from its header fields to its trailers. Confined to its loop,
/// but for the flow of messages.
///
/// Here is what the connection tells it; `+Running` has the handler's life, `+Sending` what leaves
/// on the stream, `+Link` what the handler reaches through its context.
final class ServerCall: CallFlow, @unchecked Sendable {
  enum State {
    /// A unary call waits for its request.
    case collecting
    /// The handler runs.
    case running
    /// The caller has been told how the call ended; the handler may still run.
    case told
  }

  let connection: ServerConnection
  let stream: HTTP2Stream
  let route: Route
  let terms: CallTerms

  var state = State.collecting
  @exclusivity(unchecked) private var reader: MessageReader
  /// A unary call's message, until its handler begins.
  @exclusivity(unchecked) var request: FramedMessage?
  @exclusivity(unchecked) var outcome: ServiceError?
  var task: Task<Void, Never>?
  var hasResponded = false
  /// What the handler adds to the trailers.
  @exclusivity(unchecked) var trailers: Metadata?
  /// Request bytes of this call that no handler has taken yet.
  private var waitingBytes = 0
  /// Whether the loop counts this call among those that are open.
  private var isCounted = false
  private var isStreamClosed = false
  private var patience: Patience
  /// How many bytes of the request have come.
  private var receivedBytes = 0
  /// How many messages of the request have come.
  @exclusivity(unchecked) private var receivedMessages = 0

  init(
    _ connection: ServerConnection, _ stream: HTTP2Stream, _ route: Route, _ terms: CallTerms
  ) {
    self.connection = connection
    self.stream = stream
    self.route = route
    self.terms = terms
    let bounds = connection.callBounds
    self.patience = bounds.patience
    self.reader = MessageReader(
      messageBytesMax: bounds.flow.messageBytesMax, allowsCompressed: terms.isGzip)
    super.init(
      loop: connection.loop, bounds: bounds.flow,
      compression: CompressionSwitch(peerReadsGzip: terms.answerEncoding == .gzip))
  }

  /// When the caller stops waiting.
  var deadline: NIODeadline? { self.terms.deadline }

  /// Whether the caller has been told how the call ended.
  var isTold: Bool { self.state == .told }

  // What the connection reports.

  /// Starts the handler of a streaming call; a unary one waits for its request. The loop has
  /// counted the call.
  func begin() {
    self.isCounted = true
    guard self.route.method.kind != .unary else { return }
    self.startStream()
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
      var rest = bytes
      while let message = try self.reader.next(&rest) {
        self.receivedMessages += 1
        self.messageCame(message)
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
    if self.state != .told { self.tell(ServiceError.cancelled) }
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
    if !wasRunning { self.report(self.context(), error, wasBegun: false) }
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

  override func send(_ message: FramedMessage) {
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

  /// The call is over once its stream is gone and no handler runs.
  func checkOver() {
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

  /// Takes this call's bytes off its connection's account.
  private func release() {
    self.connection.removeWaiting(self.waitingBytes)
    self.waitingBytes = 0
  }
}
