import Synchronization

/// Whether one side of a call compresses its messages. It may be turned on until the side's header
/// fields leave, which say so; from any task.
struct CompressionSwitch: ~Copyable {
  private enum State: UInt8, AtomicRepresentable {
    /// The peer reads gzip; nobody has asked for it yet.
    case possible
    case on
    case off
  }

  private let state: Atomic<State>

  /// A switch that is off; it can be turned on if the peer reads gzip.
  init(peerReadsGzip: Bool) {
    self.state = Atomic(peerReadsGzip ? .possible : .off)
  }

  var isOn: Bool { self.state.load(ordering: .relaxed) == .on }

  /// Turns it on; false if it is too late, or the peer does not read gzip.
  func turnOn() -> Bool {
    let (_, before) = self.state.compareExchange(
      expected: .possible, desired: .on, ordering: .relaxed)
    return before != .off
  }

  /// The header fields leave now; returns whether they name the encoding.
  func settle() -> Bool {
    let (_, before) = self.state.compareExchange(
      expected: .possible, desired: .off, ordering: .relaxed)
    return before == .on
  }
}
