internal import Transport

/// What one connection to a service may ask, and how long it may last.
public struct ConnectionSettings: Hashable, Sendable {
  /// How many calls may be open at once on one connection.
  public var streamsMax = 128
  /// The longest list of header fields, in bytes.
  public var headerBytesMax = 16_384
  /// How long a connection may have no call.
  public var idleSeconds = 600
  /// How old a connection may become.
  public var ageSeconds = 3_600
  /// How long calls may still go on when it is that old.
  public var graceSeconds = 600
  /// After how long without a byte a client with open calls is asked for a sign of life.
  public var keepAliveSeconds = 30
  /// How long it may take to answer.
  public var keepAliveTimeoutSeconds = 10
  /// How long a client must wait from one ping to the next.
  public var pingSeconds = 10

  /// The defaults.
  public init() {}

  /// Reads the settings.
  init(reading reader: inout SettingsReader) {
    self.streamsMax = reader.number(
      "rpc.connection.streams", default: self.streamsMax, in: 1...100_000,
      "how many calls may be open at once on one connection; clients keep back what is more")
    self.headerBytesMax = reader.number(
      "rpc.connection.header.bytes", default: self.headerBytesMax, in: 4_096...65_536,
      "the longest list of header fields, with 32 bytes for each field")
    self.idleSeconds = reader.number(
      "rpc.connection.idle.seconds", default: self.idleSeconds, in: 1...86_400,
      "how long a connection may have no call; then it is ended")
    self.ageSeconds = reader.number(
      "rpc.connection.age.seconds", default: self.ageSeconds, in: 1...31_536_000,
      "how old a connection may become; then its client is told to open another one")
    self.graceSeconds = reader.number(
      "rpc.connection.grace.seconds", default: self.graceSeconds, in: 1...31_536_000,
      "how long calls may still go on when their connection is that old")
    self.keepAliveSeconds = reader.number(
      "rpc.keepalive.seconds", default: self.keepAliveSeconds, in: 1...86_400,
      "after how long without a byte a client with open calls is asked for a sign of life")
    self.keepAliveTimeoutSeconds = reader.number(
      "rpc.keepalive.timeout.seconds", default: self.keepAliveTimeoutSeconds, in: 1...3_600,
      "how long a client may take to answer that; then its connection is closed")
    self.pingSeconds = reader.number(
      "rpc.ping.least.seconds", default: self.pingSeconds, in: 0...86_400,
      "how long a client must wait from one ping of its own to the next, unless it was answered a "
        + "call in between")
  }

  func apply(to limits: inout TransportLimits) {
    limits.concurrentStreamsMax = self.streamsMax
    limits.headerListBytesMax = self.headerBytesMax
    limits.idleMs = Int64(self.idleSeconds) * 1_000
    limits.connectionAgeMs = Int64(self.ageSeconds) * 1_000
    limits.connectionAgeGraceMs = Int64(self.graceSeconds) * 1_000
    limits.keepAliveMs = Int64(self.keepAliveSeconds) * 1_000
    limits.keepAliveTimeoutMs = Int64(self.keepAliveTimeoutSeconds) * 1_000
    limits.pingIntervalMinMs = Int64(self.pingSeconds) * 1_000
  }
}
