public import RPC

/// What every service can be told, whatever it does. The defaults make a working service on one
/// machine's loopback.
public struct CommonSettings: Hashable, Sendable {
  /// How log lines are written.
  public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    case json
    case text
  }

  /// The least level that is logged.
  public enum LogLevel: String, Hashable, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
  }

  /// Whether something is done.
  public enum Switch: String, Hashable, Sendable, CaseIterable {
    case on, off
  }

  /// Where gRPC is served; port 0 is any free one.
  public var listen: PeerAddress
  /// How TLS is spoken.
  public var tls = TLSSettings()
  /// Where metrics and health pages are served; port 0 is any free one.
  public var admin: PeerAddress
  /// Where the database file lies.
  public var dataDirectory = ".anju/data"
  /// Where backups of the database are written.
  public var backupDirectory = ".anju/backups"
  /// What keeps the data.
  public var store: StoreSettings
  /// Where the key files lie.
  public var keyDirectory = ".anju/keys"
  /// Whose tokens are believed.
  public var tokens = TokenSettings()
  /// Where the policies, calendars and offices lie.
  public var policyDirectory = "Services/Policy"
  /// Which region's policy counts: the first word of its files.
  public var policyRegion = "zhejiang"
  /// The file that says how many seconds the process's clock is ahead of the machine's; nil for a
  /// clock that nobody moves.
  public var sandboxClock: String?
  /// The least level that is logged.
  public var logLevel = LogLevel.info
  /// How log lines are written.
  public var logFormat = LogFormat.json
  /// How long calls in flight may take to end after SIGTERM.
  public var drainSeconds = 10
  /// The longest message accepted, in bytes.
  public var messageBytesMax = 4 << 20
  /// How many calls may run at once.
  public var callsMax = 10_000
  /// How many connections are kept.
  public var connectionsMax = 10_000
  /// How many connections are kept from one address.
  public var connectionsPerAddressMax = 1_000_000
  /// What one connection may ask, and how long it may last.
  public var connection = ConnectionSettings()
  /// Whether the server tells its contract to anybody who asks (gRPC reflection).
  public var reflection = Switch.on
  /// How many calls of one method may run at once.
  public var methodCallsMax = 5_000
  /// The same for single methods, by name.
  public var methodCalls = MethodCalls(calls: [:])
  /// How much time a caller must still give for its call to be begun, in milliseconds.
  public var deadlineLeftMsMin = 1
  /// Whether a call that brings no trace begins one.
  public var beginsTraces = Switch.off

  /// The defaults of one service.
  public init(service: ServiceName) {
    self.listen = service.defaultAddress
    self.store = StoreSettings(service: service)
    self.admin = PeerAddress(host: "127.0.0.1", port: service.defaultAdminPort)
  }
}
