import DomainModel
import HTTP2
import NIOCore
import RPC

/// One attempt at a call, from the wish to make it to its status. Confined to its channel's loop,
/// but for the flow of messages.
///
/// Here is its way to the server, once or more; `+Answer` has what comes back.
final class ClientCall: CallFlow, @unchecked Sendable {
  /// Why a server cannot have begun to work on a call.
  enum Untaken {
    /// The header fields were never sent.
    case neverSent
    /// The server says that it did not take the stream (REFUSED_STREAM, GOAWAY).
    case refused
  }

  /// How often a call may find that it was never sent, before it fails.
  private static let neverSentMax = 8
  /// How often a call may be refused by servers before it fails: as the gRPC project's proposal A6
  /// says, once, because a server that refuses everything would be asked for ever.
  private static let refusedMax = 1

  private let core: ClientCore
  let method: Method
  let options: CallOptions
  private let startedAt: NIODeadline
  /// How many attempts at the same call have failed; set before it starts.
  var attemptsBefore = 0
  let deadline: NIODeadline?
  /// Set when the channel takes the call on.
  private var facts: MethodFacts?
  /// Whether `deadline` is as far away as the caller said: no time was spent waiting.
  private var isFresh = true
  /// The queue in which it waits.
  var queue: CallQueue? {
    didSet { self.isFresh = false }
  }
  var replay: Replay
  private var timesNeverSent = 0
  private var timesRefused = 0
  /// Set when the call has ended: how, for one that begins to wait after that.
  private var ending: ServiceError?
  private(set) var isOver = false
  /// How it failed, for who may make it again.
  var hasAnswerBegun = false
  var pushback = Pushback.none
  /// Whether trailers that end it before an answer are kept and not told, because the call may be
  /// made again; set before it starts.
  var keepsTrailers = false
  /// Those trailers, if anybody wants to be told.
  var keptTrailers: Metadata?

  private var connection: ClientConnection?
  private var stream: HTTP2Stream?
  var reader: MessageReader
  /// The status so far: from the fields of the response, or why there will be none.
  var outcome: Result<Void, ServiceError>?
  /// Told once: a streaming call has been opened, or has ended before.
  private var onOpen: UnsafeContinuation<Void, any Error>?
  /// Told once: a unary call has ended.
  var onAnswer: UnsafeContinuation<FramedMessage, any Error>?

  init(_ core: ClientCore, _ method: Method, _ options: CallOptions, request: FramedMessage?) {
    let limits = core.configuration.limits
    self.core = core
    self.method = method
    self.options = options
    let now = NIODeadline.now()
    self.startedAt = now
    self.deadline = options.timeoutMs.map { now + .milliseconds(max($0, 0)) }
    self.replay =
      request.map { Replay(request: $0) } ?? Replay(bytesMax: limits.replayBytesMax)
    self.reader = MessageReader(messageBytesMax: limits.messageBytesMax)
    let compression = CompressionSwitch(peerReadsGzip: options.compression == .gzip)
    _ = compression.turnOn()
    super.init(loop: core.loop, bounds: FlowBounds(limits), compression: compression)
    if let request { self.countSent(request) }
  }

  var waitsForReady: Bool { self.options.waitForReady }

  // What the channel does.

  /// The channel takes the call on: it counts from now on.
  @discardableResult
  func begin() -> MethodFacts {
    if let facts = self.facts { return facts }
    let facts = self.core.facts(of: self.method)
    self.facts = facts
    facts.metrics.began()
    return facts
  }

  func tellAnswer(_ continuation: UnsafeContinuation<FramedMessage, any Error>) {
    if let ending = self.ending {
      continuation.resume(throwing: ending)
    } else {
      self.onAnswer = continuation
    }
  }

  func tellOpen(_ continuation: UnsafeContinuation<Void, any Error>) {
    if let ending = self.ending {
      continuation.resume(throwing: ending)
    } else {
      self.onOpen = continuation
    }
  }

  /// Opens the call's stream on a connection and sends what has been written so far.
  func open(on connection: ClientConnection) {
    do throws(HTTP2Error) {
      let stream = try connection.session.request(
        self.ownFields(), after: self.begin().fields, attachment: self)
      self.connection = connection
      self.stream = stream
      self.replay.forEach { connection.session.writeMessage($0, on: stream) }
      if self.replay.isFinished { connection.session.finish(stream) }
      if self.isWriting { self.notifyWhenBelow(self.bounds.outboundBytesMax / 2) }
      connection.flushLater()
      self.onOpen?.resume()
      self.onOpen = nil
    } catch {
      // Its stream numbers are used up: another connection has its own.
      connection.leave("no stream can be opened: \(error)")
      if self.takeBack(.neverSent) {
        self.core.dispatch(self)
      } else {
        self.end(ServiceError(code: .unavailable, message: "No call can be opened: \(error)"))
      }
    }
  }

  /// Prepares the call to be sent once more, on another connection; false if that may not be.
  func takeBack(_ untaken: Untaken) -> Bool {
    guard !self.isOver, self.replay.isComplete else { return false }
    switch untaken {
    case .neverSent:
      guard self.timesNeverSent < Self.neverSentMax else { return false }
      self.timesNeverSent += 1
    case .refused:
      guard self.timesRefused < Self.refusedMax else { return false }
      self.timesRefused += 1
    }
    self.stream = nil
    self.connection = nil
    self.outcome = nil
    self.isFresh = false
    self.reader = MessageReader(messageBytesMax: self.bounds.messageBytesMax)
    return true
  }

  /// The header fields that not every call of the method has.
  private func ownFields() -> HeaderList {
    var fields = HeaderList()
    if let deadline = self.deadline, let timeoutMs = self.options.timeoutMs {
      // Not counted again for a call that is sent at once: equal values make small header blocks.
      let left = self.isFresh ? timeoutMs : (deadline - .now()).nanoseconds / 1_000_000
      fields.append("grpc-timeout", GRPCTimeout.text(milliseconds: left))
    }
    if self.options.compression == .gzip { fields.append("grpc-encoding", "gzip") }
    if self.attemptsBefore > 0 {
      fields.append("grpc-previous-rpc-attempts", "\(self.attemptsBefore)")
    }
    fields.append(self.options.sentMetadata)
    return fields
  }

  /// Ends the call with an error now, and tells the server.
  func fail(_ error: ServiceError) {
    guard !self.isOver else { return }
    if let stream = self.stream, let connection = self.connection {
      connection.session.reset(stream, .cancel)
      connection.flushLater()
    }
    self.end(error)
  }

  // The flow's side of the stream.

  /// While the call waits to be sent again, so does its writer, after one message at most.
  override var outboundBytes: Int { self.stream?.outboundBytes ?? self.bounds.outboundBytesMax }

  override func send(_ message: FramedMessage) {
    guard let stream = self.stream, let connection = self.connection else {
      self.replay.keep(message)
      return
    }
    self.replay.add(message)
    connection.session.writeMessage(message, on: stream)
    connection.flushLater()
  }

  override func sendEnd() {
    self.replay.isFinished = true
    guard let stream = self.stream, let connection = self.connection else { return }
    connection.session.finish(stream)
    connection.flushLater()
  }

  override func giveBack(_ count: Int) {
    guard let stream = self.stream, let connection = self.connection else { return }
    connection.session.consume(count, on: stream)
    connection.flushLater()
  }

  override func notifyWhenBelow(_ bytes: Int) {
    self.stream?.notifyBelowBytes = bytes
  }

  func setOver(_ error: ServiceError?) {
    self.isOver = true
    self.queue?.remove(self)
    guard let facts = self.facts else { return }
    let duration = NIODeadline.now() - self.startedAt
    facts.metrics.ended(
      CallOutcome(error: error, durationNs: duration.nanoseconds, traffic: self.traffic))
  }

  func end(_ error: ServiceError) {
    self.ending = error
    self.setOver(error)
    self.ended(error)
    self.onOpen?.resume(throwing: error)
    self.onOpen = nil
    self.onAnswer?.resume(throwing: error)
    self.onAnswer = nil
  }
}
