/// Messages that wait to be read, oldest first. One waiting message, as a unary call has it, needs
/// no storage of its own.
struct MessageQueue {
  private var first: FramedMessage?
  private var rest: [FramedMessage] = []
  private var restRead = 0

  var isEmpty: Bool { self.first == nil && self.restRead == self.rest.count }

  mutating func append(_ message: FramedMessage) {
    if self.isEmpty { self.first = message } else { self.rest.append(message) }
  }

  mutating func popFirst() -> FramedMessage? {
    if let first = self.first.take() { return first }
    guard self.restRead < self.rest.count else { return nil }
    defer {
      self.restRead += 1
      if self.restRead == self.rest.count {
        self.rest.removeAll(keepingCapacity: true)
        self.restRead = 0
      }
    }
    return self.rest[self.restRead]
  }

  mutating func removeAll() {
    self = MessageQueue()
  }
}
