/// Calls that wait for a connection or for room on one, in the order of coming. Bounded. Confined
/// to its channel's loop.
final class CallQueue {
  private let callsMax: Int
  private var calls: [ClientCall?] = []
  /// Where the first call stands that still waits.
  private var head = 0
  private var count = 0

  init(callsMax: Int) {
    self.callsMax = callsMax
  }

  var isEmpty: Bool { self.count == 0 }

  /// The calls that wait.
  var waiting: [ClientCall] { self.calls[self.head...].compactMap { $0 } }

  /// Adds a call at the end; false if the queue is full.
  func append(_ call: ClientCall) -> Bool {
    guard self.count < self.callsMax else { return false }
    if self.calls.count >= 2 * self.callsMax {
      // Places of calls that have left, before the head and between others.
      self.calls.removeAll { $0 == nil }
      self.head = 0
    }
    self.calls.append(call)
    self.count += 1
    call.queue = self
    return true
  }

  /// Takes the first call out.
  func popFirst() -> ClientCall? {
    while self.head < self.calls.count {
      let call = self.calls[self.head]
      self.calls[self.head] = nil
      self.head += 1
      guard let call else { continue }
      self.left(call)
      return call
    }
    return nil
  }

  /// Takes a call out that waits no more.
  func remove(_ call: ClientCall) {
    guard let index = self.calls[self.head...].firstIndex(where: { $0 === call }) else { return }
    self.calls[index] = nil
    self.left(call)
  }

  private func left(_ call: ClientCall) {
    call.queue = nil
    self.count -= 1
    guard self.count == 0 else { return }
    self.calls.removeAll(keepingCapacity: true)
    self.head = 0
  }
}
