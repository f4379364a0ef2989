import DomainModel
import NIOCore
import RPC

/// The two flows of messages of one call, in and out, on the call's event loop. A handler or a
/// caller uses them from any task; on the loop itself that costs neither lock nor hop.
///
/// `ServerCall` and `ClientCall` say what sending and giving back window mean. They are subclasses
/// because a call and its flows are one object: a step of a call costs no further reference.
class CallFlow: MessageSource, MessageSink, @unchecked Sendable {
  enum End {
    case finished
    case failed(ServiceError)
  }

  let loop: any EventLoop
  let bounds: FlowBounds
  /// Whether what is written is compressed.
  let compression: CompressionSwitch
  /// Whether the message that was read last came compressed; its reader's own.
  final var wasCompressed = false
  // What follows is touched on the loop only, and nothing that changes it calls out: it is never
  // used while it is being changed, so a check of that at run time, at each step of a call, has
  // nothing to find.
  /// What has come and gone so far.
  @exclusivity(unchecked) private(set) final var traffic = CallTraffic()
  @exclusivity(unchecked) private var inbox = MessageQueue()
  @exclusivity(unchecked) private var inboundEnd: End?
  @exclusivity(unchecked) private var outboundEnd: End?
  /// Bytes received whose window has not been given back, because the reader is behind.
  @exclusivity(unchecked) private var owedBytes = 0
  private var reader: Waiter<FramedMessage?>?
  private var writer: Waiter<Void>?

  init(loop: any EventLoop, bounds: FlowBounds, compression: consuming CompressionSwitch) {
    self.loop = loop
    self.bounds = bounds
    self.compression = compression
  }

  /// Whether a reader waits for the peer's next message.
  final var isReading: Bool { self.reader != nil }
  /// Whether a writer waits for room.
  final var isWriting: Bool { self.writer != nil }
  /// Whether the peer has sent its last message, or the call has ended.
  final var isInboundOver: Bool { self.inboundEnd != nil }

  // What each of the two kinds of call must say; on the loop.

  /// How many bytes wait to be sent.
  var outboundBytes: Int { Self.isEachKindsOwn() }
  /// Sends a message.
  func send(_ message: FramedMessage) { Self.isEachKindsOwn() }
  /// Lets the peer send `count` bytes more.
  func giveBack(_ count: Int) { Self.isEachKindsOwn() }
  /// Asks to be told by `sank` once `outboundBytes` is at most `bytes`.
  func notifyWhenBelow(_ bytes: Int) { Self.isEachKindsOwn() }

  private static func isEachKindsOwn(_ name: String = #function) -> Never {
    preconditionFailure("\(self) must say what \(name) does")
  }

  // What only one of them has something to do at; on the loop.

  /// Sends the end of this side. A server's side ends with its trailers, which carry the status.
  func sendEnd() {}
  /// The reader has taken a message of `count` bytes. Only a server keeps an account of them.
  func messageTaken(_ count: Int) {}

  // MessageSource and MessageSink; from any task.

  final func next() async throws -> [UInt8]? {
    if self.loop.inEventLoop, let ready = self.takeReady() {
      guard let message = try ready.get() else { return nil }
      self.wasCompressed = message.isCompressed
      return message.isCompressed ? try await self.inflated(message) : message.bytes
    }
    let waiter = Waiter<FramedMessage?>()
    let message = try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        self.onLoop { self.takeOrWait(waiter, continuation) }
      }
    } onCancel: {
      self.onLoop { self.cancelReading(waiter) }
    }
    guard let message else { return nil }
    self.wasCompressed = message.isCompressed
    return message.isCompressed ? try await self.inflated(message) : message.bytes
  }

  final func write(_ message: [UInt8], compressed: Bool?) async throws {
    try self.bounds.check(message)
    let message =
      self.wouldCompress(message, compressed)
      ? try await Gzip.framed(message, isAskedFor: compressed == true)
      : FramedMessage(bytes: message)
    if self.loop.inEventLoop, try self.sendIfRoom(message) { return }
    let waiter = Waiter<Void>()
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        self.onLoop { self.sendOrWait(message, waiter, continuation) }
      }
    } onCancel: {
      self.onLoop { self.cancelWriting(waiter) }
    }
  }

  final func finish() async {
    self.onLoop {
      guard self.outboundEnd == nil else { return }
      self.outboundEnd = .finished
      self.sendEnd()
    }
  }

  // What the connection reports; on the loop.

  /// A message has come.
  final func messageCame(_ message: FramedMessage) {
    self.traffic.received(message.bytes.count)
    if let reader = self.reader {
      self.reader = nil
      self.messageTaken(message.bytes.count)
      reader.resume(.success(message))
    } else if self.inboundEnd == nil {
      self.inbox.append(message)
    }
  }

  /// Body bytes have come; their window goes back at once unless messages wait to be read.
  final func tookBytes(_ count: Int) {
    if self.inbox.isEmpty || self.inboundEnd != nil {
      self.giveBack(count)
    } else {
      self.owedBytes += count
    }
  }

  /// The peer has sent its last message.
  final func inboundFinished() {
    guard self.inboundEnd == nil else { return }
    self.inboundEnd = .finished
    self.reader?.resume(.success(nil))
    self.reader = nil
  }

  /// The call has ended with a status. The reader meets it after the messages that came before, the
  /// writer at once.
  final func ended(_ error: ServiceError?) {
    let end = error.map(End.failed) ?? .finished
    if self.inboundEnd == nil || error != nil { self.inboundEnd = end }
    self.outboundEnd = end
    if let error {
      self.reader?.resume(.failure(error))
      self.writer?.resume(.failure(error))
    } else {
      self.reader?.resume(.success(nil))
      self.writer?.resume(.success(()))
    }
    self.reader = nil
    self.writer = nil
  }

  /// Drops the messages that wait to be read.
  final func dropInbox() {
    self.inbox.removeAll()
    self.owedBytes = 0
  }

  /// The bytes that wait to be sent have become few.
  final func sank() {
    self.writer?.resume(.success(()))
    self.writer = nil
  }

  /// The next message, the end, or nil if the reader has to wait.
  final func takeReady() -> Result<FramedMessage?, any Error>? {
    if let message = self.inbox.popFirst() {
      self.messageTaken(message.bytes.count)
      if self.owedBytes > 0 && self.inbox.isEmpty {
        self.giveBack(self.owedBytes)
        self.owedBytes = 0
      }
      return .success(message)
    }
    switch self.inboundEnd {
    case .finished: return .success(nil)
    case .failed(let error): return .failure(error)
    case nil: return nil
    }
  }

  /// Runs `work` on the loop, now if this is the loop.
  final func onLoop(_ work: @escaping @Sendable () -> Void) {
    if self.loop.inEventLoop { work() } else { self.loop.execute(work) }
  }

  /// Sends a message and counts it.
  final func sendCounted(_ message: FramedMessage) {
    self.countSent(message)
    self.send(message)
  }

  final func countSent(_ message: FramedMessage) {
    self.traffic.sent(message.bytes.count)
  }

  /// Sends a message; false if the writer then has to wait.
  private func sendIfRoom(_ message: FramedMessage) throws -> Bool {
    switch self.outboundEnd {
    case .failed(let error): throw error
    case .finished: return true
    case nil: break
    }
    guard self.outboundBytes < self.bounds.outboundBytesMax else { return false }
    self.sendCounted(message)
    return true
  }

  private func takeOrWait(
    _ waiter: Waiter<FramedMessage?>,
    _ continuation: UnsafeContinuation<FramedMessage?, any Error>
  ) {
    if let ready = self.takeReady() {
      continuation.resume(with: ready)
    } else if waiter.isCancelled {
      continuation.resume(throwing: ServiceError.cancelled)
    } else {
      precondition(self.reader == nil, "a stream of messages has one reader at a time")
      waiter.continuation = continuation
      self.reader = waiter
    }
  }

  private func sendOrWait(
    _ message: FramedMessage, _ waiter: Waiter<Void>,
    _ continuation: UnsafeContinuation<Void, any Error>
  ) {
    switch self.outboundEnd {
    case .failed(let error): continuation.resume(throwing: error)
    case .finished: continuation.resume()
    case nil:
      if waiter.isCancelled {
        continuation.resume(throwing: ServiceError.cancelled)
        return
      }
      self.sendCounted(message)
      guard self.outboundBytes >= self.bounds.outboundBytesMax else {
        continuation.resume()
        return
      }
      precondition(self.writer == nil, "a stream of messages has one writer at a time")
      waiter.continuation = continuation
      self.writer = waiter
      self.notifyWhenBelow(self.bounds.outboundBytesMax / 2)
    }
  }

  private func cancelReading(_ waiter: Waiter<FramedMessage?>) {
    waiter.isCancelled = true
    if self.reader === waiter { self.reader = nil }
    waiter.resume(.failure(ServiceError.cancelled))
  }

  private func cancelWriting(_ waiter: Waiter<Void>) {
    waiter.isCancelled = true
    if self.writer === waiter { self.writer = nil }
    waiter.resume(.failure(ServiceError.cancelled))
  }
}
