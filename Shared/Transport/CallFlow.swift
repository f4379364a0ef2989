import DomainModel
import NIOCore
import RPC

/// The two flows of messages of one call, in and out, on the call's event loop. A handler or a
/// caller uses them from any task; on the loop itself that costs neither lock nor hop.
///
/// `ServerCall` and `ClientCall` say what sending and giving back window mean.
class CallFlow: MessageSource, MessageSink, @unchecked Sendable {
  enum End {
    case finished
    case failed(ServiceError)
  }

  let loop: any EventLoop
  /// How many bytes may wait to be sent before a writer is held back.
  private let outboundBytesMax: Int
  // What follows is touched on the loop only.
  private var inbox = MessageQueue()
  private var inboundEnd: End?
  private var outboundEnd: End?
  /// Bytes received whose window has not been given back, because the reader is behind.
  private var owedBytes = 0
  private var reader: Waiter<[UInt8]?>?
  private var writer: Waiter<Void>?

  init(loop: any EventLoop, outboundBytesMax: Int) {
    self.loop = loop
    self.outboundBytesMax = outboundBytesMax
  }

  /// Whether a reader waits for the peer's next message.
  final var isReading: Bool { self.reader != nil }
  /// Whether the peer has sent its last message, or the call has ended.
  final var isInboundOver: Bool { self.inboundEnd != nil }

  // What the two kinds of call do; on the loop.

  /// How many bytes wait to be sent.
  var outboundBytes: Int { 0 }
  /// Sends a message.
  func send(_ message: [UInt8]) {}
  /// Sends the end of this side.
  func sendEnd() {}
  /// Lets the peer send `count` bytes more.
  func giveBack(_ count: Int) {}
  /// The reader has taken a message of `count` bytes.
  func messageTaken(_ count: Int) {}
  /// Asks to be told by `sank` once `outboundBytes` is at most `bytes`.
  func notifyWhenBelow(_ bytes: Int) {}

  // MessageSource and MessageSink; from any task.

  final func next() async throws -> [UInt8]? {
    if self.loop.inEventLoop, let ready = self.takeReady() { return try ready.get() }
    let waiter = Waiter<[UInt8]?>()
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        self.onLoop { self.read(waiter, continuation) }
      }
    } onCancel: {
      self.onLoop { self.cancelReading(waiter) }
    }
  }

  final func write(_ message: [UInt8]) async throws {
    if self.loop.inEventLoop, try self.sendNow(message) { return }
    let waiter = Waiter<Void>()
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        self.onLoop { self.write(message, waiter, continuation) }
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
  final func received(_ message: [UInt8]) {
    if let reader = self.reader, let continuation = reader.continuation {
      self.reader = nil
      self.messageTaken(message.count)
      continuation.resume(returning: message)
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
  final func takeReady() -> Result<[UInt8]?, any Error>? {
    if let message = self.inbox.popFirst() {
      self.messageTaken(message.count)
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

  /// Sends a message; false if the writer then has to wait.
  private func sendNow(_ message: [UInt8]) throws -> Bool {
    switch self.outboundEnd {
    case .failed(let error): throw error
    case .finished: return true
    case nil: break
    }
    guard self.outboundBytes < self.outboundBytesMax else { return false }
    self.send(message)
    return true
  }

  private func read(
    _ waiter: Waiter<[UInt8]?>, _ continuation: UnsafeContinuation<[UInt8]?, any Error>
  ) {
    if let ready = self.takeReady() {
      continuation.resume(with: ready)
    } else if waiter.isCancelled {
      continuation.resume(throwing: Self.cancelled)
    } else {
      precondition(self.reader == nil, "a stream of messages has one reader at a time")
      waiter.continuation = continuation
      self.reader = waiter
    }
  }

  private func write(
    _ message: [UInt8], _ waiter: Waiter<Void>, _ continuation: UnsafeContinuation<Void, any Error>
  ) {
    switch self.outboundEnd {
    case .failed(let error): continuation.resume(throwing: error)
    case .finished: continuation.resume()
    case nil:
      if waiter.isCancelled {
        continuation.resume(throwing: Self.cancelled)
        return
      }
      self.send(message)
      guard self.outboundBytes >= self.outboundBytesMax else {
        continuation.resume()
        return
      }
      precondition(self.writer == nil, "a stream of messages has one writer at a time")
      waiter.continuation = continuation
      self.writer = waiter
      self.notifyWhenBelow(self.outboundBytesMax / 2)
    }
  }

  private func cancelReading(_ waiter: Waiter<[UInt8]?>) {
    waiter.isCancelled = true
    if self.reader === waiter { self.reader = nil }
    waiter.resume(.failure(Self.cancelled))
  }

  private func cancelWriting(_ waiter: Waiter<Void>) {
    waiter.isCancelled = true
    if self.writer === waiter { self.writer = nil }
    waiter.resume(.failure(Self.cancelled))
  }

  static let cancelled = ServiceError(code: .cancelled, message: "The call was cancelled.")
}

/// A task that waits for a flow; confined to the flow's loop.
private final class Waiter<Value>: @unchecked Sendable {
  var continuation: UnsafeContinuation<Value, any Error>?
  /// Set if the task was cancelled, maybe before it came to wait.
  var isCancelled = false

  /// Wakes the task, if it still waits.
  func resume(_ result: sending Result<Value, any Error>) {
    self.continuation?.resume(with: result)
    self.continuation = nil
  }
}
