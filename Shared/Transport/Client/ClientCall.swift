import DomainModel
import HTTP2
import NIOCore
import RPC

/// One call of a client, from the wish to make it to its status. Confined to its channel's loop,
/// but for the flow of messages.
final class ClientCall: CallFlow, @unchecked Sendable {
  let fields: HeaderList
  let waitsForReady: Bool
  let deadline: NIODeadline?
  /// A unary call's request, kept until the call has ended, so that it can be sent once more if the
  /// server never took it.
  private var request: FramedMessage?
  private let hooks: ClientHooks
  private(set) var mayBeSentAgain: Bool
  /// Set when the call has ended: how, for one that begins to wait after that.
  private var ending: ServiceError?
  private(set) var isOver = false
  /// Told when the call has ended.
  var onOver: ((ClientCall) -> Void)?

  private var connection: ClientConnection?
  private var stream: HTTP2Stream?
  /// How many streams were opened for it.
  private var openings = 0
  private var reader: MessageReader
  /// Whether the answer's header fields have come.
  private var hasResponse = false
  /// The status so far: from the fields of the response, or why there will be none.
  private var outcome: Result<Void, ServiceError>?
  /// Told once: a streaming call has been opened, or has ended before.
  private var onOpen: UnsafeContinuation<Void, any Error>?
  /// Told once: a unary call has ended.
  private var onAnswer: UnsafeContinuation<[UInt8], any Error>?

  init(
    loop: any EventLoop, _ fields: HeaderList, _ options: CallOptions, request: [UInt8]?,
    limits: TransportLimits
  ) {
    self.fields = fields
    self.waitsForReady = options.waitForReady
    self.deadline = options.timeoutMs.map { NIODeadline.now() + .milliseconds(max($0, 0)) }
    self.request = request.map { FramedMessage(bytes: $0) }
    self.hooks = ClientHooks(options)
    self.mayBeSentAgain = request != nil
    self.reader = MessageReader(messageBytesMax: limits.messageBytesMax)
    let compression = CompressionSwitch(peerReadsGzip: options.compression == .gzip)
    _ = compression.turnOn()
    super.init(loop: loop, bounds: FlowBounds(limits), compression: compression)
  }

  // What the channel does.

  func tellAnswer(_ continuation: UnsafeContinuation<[UInt8], any Error>) {
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

  /// Opens the call's stream on a connection.
  func open(on connection: ClientConnection) {
    do throws(HTTP2Error) {
      let stream = try connection.session.request(self.fields, attachment: self)
      self.connection = connection
      self.stream = stream
      self.openings += 1
      self.reader = MessageReader(messageBytesMax: self.bounds.messageBytesMax)
      if let request = self.request { self.sendRequest(request) }
      connection.flushLater()
      self.onOpen?.resume()
      self.onOpen = nil
    } catch {
      self.end(ServiceError(code: .unavailable, message: "No call can be opened: \(error)"))
    }
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

  /// Sends a unary call's request, compressed if the call is; the compressed form is kept.
  private func sendRequest(_ request: FramedMessage) {
    guard !request.isCompressed, self.wouldCompress(request.bytes, nil) else {
      self.sendOnly(request)
      return
    }
    let opening = self.openings
    self.compress(request.bytes) { result in
      guard !self.isOver, self.openings == opening else { return }
      switch result {
      case .success(let message):
        self.request = message
        self.sendOnly(message)
      case .failure(let error): self.fail(error)
      }
    }
  }

  private func sendOnly(_ request: FramedMessage) {
    self.sendCounted(request)
    self.sendEnd()
  }

  /// Prepares the call to be sent on another connection.
  func sendAgain() {
    self.mayBeSentAgain = false
    self.stream = nil
    self.connection = nil
    self.outcome = nil
    self.hasResponse = false
  }

  // What the connection reports.

  func response(_ fields: HeaderList, isLast: Bool) {
    guard !self.isOver else { return }
    self.outcome = ResponseStatus.check(fields, isLast: isLast)
    do throws(ServiceError) {
      // A response that is no gRPC will bring nothing that can be read.
      if case .failure(let error) = self.outcome, !isLast { throw error }
      if isLast {
        try self.hooks.tellTrailers(fields)
      } else if !self.hasResponse {
        self.hasResponse = true
        try self.takeEncoding(fields)
        try self.hooks.tellResponse(fields)
      }
    } catch {
      self.fail(error)
    }
  }

  func trailers(_ fields: HeaderList) {
    guard !self.isOver else { return }
    self.outcome = ResponseStatus.read(fields)
    do throws(ServiceError) {
      try self.hooks.tellTrailers(fields)
    } catch {
      self.fail(error)
    }
  }

  private func takeEncoding(_ fields: HeaderList) throws(ServiceError) {
    switch fields["grpc-encoding"] {
    case nil, "identity": break
    case "gzip":
      self.reader = MessageReader(
        messageBytesMax: self.bounds.messageBytesMax, allowsCompressed: true)
    case let other?:
      throw ServiceError(
        code: .internal, message: "The answer is compressed with \(other), which nobody asked for.")
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer) {
    guard !self.isOver else {
      self.giveBack(bytes.count)
      return
    }
    do throws(ServiceError) {
      try self.reader.feed(bytes) { message in
        self.hooks.onAnswer?(message.isCompressed)
        self.received(message)
      }
      self.tookBytes(bytes.count)
    } catch {
      self.fail(error)
    }
  }

  /// The stream is over.
  func closed(_ code: HTTP2ErrorCode) {
    guard !self.isOver else { return }
    if let outcome = self.outcome {
      guard case .failure(let error) = outcome else {
        self.endWell()
        return
      }
      self.end(error)
    } else {
      self.end(ResponseStatus.reset(code))
    }
  }

  /// The connection broke.
  func lost() {
    self.end(
      ServiceError(code: .unavailable, message: "The connection broke before the call ended."))
  }

  // The flow's side of the stream.

  override var outboundBytes: Int { self.stream?.outboundBytes ?? 0 }

  override func send(_ message: FramedMessage) {
    guard let stream = self.stream, let connection = self.connection else { return }
    connection.session.writeMessage(message, on: stream)
    connection.flushLater()
  }

  override func sendEnd() {
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

  private func endWell() {
    guard self.reader.isAtBoundary else {
      self.end(ServiceError(code: .internal, message: "The answer ends within a message."))
      return
    }
    guard let onAnswer = self.onAnswer else {
      self.setOver()
      self.ended(nil)
      return
    }
    self.inboundFinished()
    guard case .success(let answer?) = self.takeReady(),
      case .success(nil) = self.takeReady()
    else {
      self.end(
        ServiceError(
          code: .unimplemented, message: "The answer is not exactly one message."))
      return
    }
    self.setOver()
    self.onAnswer = nil
    self.inflate(answer) { onAnswer.resume(with: $0) }
  }

  private func setOver() {
    self.isOver = true
    self.onOver?(self)
    self.onOver = nil
  }

  private func end(_ error: ServiceError) {
    self.ending = error
    self.setOver()
    self.ended(error)
    self.onOpen?.resume(throwing: error)
    self.onOpen = nil
    self.onAnswer?.resume(throwing: error)
    self.onAnswer = nil
  }
}
