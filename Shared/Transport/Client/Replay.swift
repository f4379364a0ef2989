/// What a call has written so far, kept so that the call can be sent again if its server never took
/// it. Forgotten once the answer begins, or when it becomes too much.
struct Replay {
  private let bytesMax: Int
  private var messages = MessageQueue()
  private var bytes = 0
  /// Whether all that was written is still here.
  private(set) var isComplete = true
  /// Whether the call has written its last message.
  var isFinished = false

  init(bytesMax: Int) {
    self.bytesMax = bytesMax
  }

  /// A unary call's request is kept whatever its size: it is there already.
  init(request: FramedMessage) {
    self.bytesMax = request.bytes.count
    self.messages.append(request)
    self.bytes = request.bytes.count
    self.isFinished = true
  }

  /// Keeps a message.
  mutating func add(_ message: FramedMessage) {
    guard self.isComplete else { return }
    guard self.bytes + message.bytes.count <= self.bytesMax else {
      self.forget()
      return
    }
    self.keep(message)
  }

  /// Keeps a message whatever its size: it is on no stream.
  mutating func keep(_ message: FramedMessage) {
    self.bytes += message.bytes.count
    self.messages.append(message)
  }

  /// Shows each message, in order.
  func forEach(_ body: (FramedMessage) -> Void) {
    var rest = self.messages
    while let message = rest.popFirst() { body(message) }
  }

  /// Keeps nothing any more.
  mutating func forget() {
    guard self.isComplete else { return }
    self.isComplete = false
    self.messages.removeAll()
  }
}
