/// The addresses of a channel and which of them the next call goes to: round robin over those that
/// take calls. Confined to its channel's loop.
struct Balancer {
  /// What a call that finds no room may expect.
  enum Outlook {
    /// A connection is on its way, or the open ones are full.
    case hopeful
    /// Every address has failed lately.
    case failing(String)
  }

  private(set) var subchannels: [Subchannel] = []
  /// The connections that take calls.
  private var ring: [ClientConnection] = []
  private var next = 0
  /// Whether an address has no connection that could have one.
  private(set) var hasIdle = false

  /// Uses these addresses from now on, `first` of them first: those that it knows keep their
  /// connections, those that are no longer named end theirs.
  mutating func use(
    _ addresses: [ServerAddress], first: Int, _ make: (ServerAddress) -> Subchannel
  ) {
    let old = self.subchannels
    self.subchannels = addresses.map { address in
      old.first { $0.address == address } ?? make(address)
    }
    if old.isEmpty { self.next = first }
    self.refresh()
    for subchannel in old where !addresses.contains(subchannel.address) { subchannel.shut() }
  }

  /// Takes in what has changed at the addresses.
  mutating func refresh() {
    self.ring.removeAll(keepingCapacity: true)
    self.hasIdle = false
    for subchannel in self.subchannels {
      switch subchannel.state {
      case .ready(let connection): self.ring.append(connection)
      case .idle: self.hasIdle = true
      case .connecting, .checking, .unhealthy, .backingOff, .shut: break
      }
    }
  }

  /// The connection for the next call; nil if none has room.
  mutating func pick() -> ClientConnection? {
    for _ in 0..<self.ring.count {
      if self.next >= self.ring.count { self.next = 0 }
      let connection = self.ring[self.next]
      self.next += 1
      if connection.hasRoom { return connection }
    }
    return nil
  }

  /// What a call that finds no room may expect.
  var outlook: Outlook {
    var failure: String?
    for subchannel in self.subchannels {
      switch subchannel.state {
      case .idle, .connecting, .checking, .ready: return .hopeful
      case .unhealthy, .backingOff, .shut:
        failure = failure ?? "\(subchannel.address): \(subchannel.lastFailure)"
      }
    }
    return failure.map { .failing($0) } ?? .hopeful
  }
}
