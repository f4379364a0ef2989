internal import RPC

extension CommonSettings {
  /// Reads the settings that all services share; the table of them is in this module's README.
  public init(reading reader: inout SettingsReader) {
    self.init(service: reader.service)
    self.listen = Self.address(
      "listen", default: self.listen, "where gRPC is served", reading: &reader)
    self.tls = TLSSettings(reading: &reader, listen: self.listen)
    self.admin = Self.address(
      "admin", default: self.admin, "where metrics and health are served", reading: &reader)
    self.dataDirectory = reader.text(
      "data.directory", default: self.dataDirectory, "where the database file lies")
    self.backupDirectory = reader.text(
      "backup.directory", default: self.backupDirectory,
      "where backups of the database are written (made with mode 0700)")
    self.store = StoreSettings(reading: &reader)
    self.keyDirectory = reader.text(
      "keys.directory", default: self.keyDirectory, "where the key files lie (mode 0600)")
    self.tokens = TokenSettings(reading: &reader, keyDirectory: self.keyDirectory)
    self.policyDirectory = reader.text(
      "policy.directory", default: self.policyDirectory,
      "where calendars, divisions, offices and policies lie")
    self.policyRegion = reader.text(
      "policy.region", default: self.policyRegion,
      "whose policy counts: the region that `<region>.tsv` is of")
    self.sandboxClock = reader.optionalText(
      "sandbox.clock",
      "the file that says how many seconds the clock is ahead, to try what years bring; on loopback "
        + "only")
    if self.sandboxClock != nil && !self.listen.isLoopback {
      reader.refuse(
        "\(reader.service.rawValue).sandbox.clock is set, and others reach "
          + "\(self.listen.host): a clock that can be moved is for loopback only")
    }
    self.logLevel = reader.choice(
      "log.level", default: self.logLevel, "the least level that is logged")
    self.logFormat = reader.choice("log.format", default: self.logFormat, "how a line is written")
    self.drainSeconds = reader.number(
      "drain.seconds", default: self.drainSeconds, in: 0...600,
      "how long calls in flight may take to end after SIGTERM")
    self.messageBytesMax = reader.number(
      "limits.message.bytes", default: self.messageBytesMax, in: 1024...64 << 20,
      "the longest message that is accepted")
    self.callsMax = reader.number(
      "limits.calls", default: self.callsMax, in: 1...1_000_000,
      "how many calls may run at once; one more gets RESOURCE_EXHAUSTED")
    self.connectionsMax = reader.number(
      "limits.connections", default: self.connectionsMax, in: 1...1_000_000,
      "how many connections are kept; one more is closed")
    self.connectionsPerAddressMax = reader.number(
      "limits.connections.per.address", default: self.connectionsPerAddressMax, in: 1...1_000_000,
      "how many connections are kept from one address, of IPv6 from one network of 64 bits; lower "
        + "it where clients come from addresses of their own, not through a gateway")
    self.reflection = reader.choice(
      "rpc.reflection", default: self.reflection,
      "whether anybody who can connect may ask for the contract (gRPC reflection)")
    self.readCalls(&reader)
    self.connection = ConnectionSettings(reading: &reader)
    if self.listen.port == self.admin.port && self.listen.port != 0 {
      reader.refuse(
        "\(reader.service.rawValue).listen.port and .admin.port are both \(self.listen.port)")
    }
  }

  private mutating func readCalls(_ reader: inout SettingsReader) {
    self.methodCallsMax = reader.number(
      "rpc.method.calls", default: self.methodCallsMax, in: 1...1_000_000,
      "how many calls of one method may run at once; one more gets RESOURCE_EXHAUSTED")
    self.methodCalls = reader.methodCalls(
      "rpc.methods", default: self.methodCalls,
      "the same for single methods: Method=number, with spaces between, or none")
    self.deadlineLeftMsMin = reader.number(
      "rpc.deadline.least.ms", default: self.deadlineLeftMsMin, in: 0...60_000,
      "how many milliseconds a caller must still give; with less it gets DEADLINE_EXCEEDED")
    self.beginsTraces = reader.choice(
      "rpc.traces", default: self.beginsTraces,
      "whether a call that brings no W3C trace context begins a trace")
  }

  private static func address(
    _ key: String, default value: PeerAddress, _ meaning: String,
    reading reader: inout SettingsReader
  ) -> PeerAddress {
    PeerAddress(
      host: reader.text("\(key).host", default: value.host, "\(meaning): the address"),
      port: reader.number(
        "\(key).port", default: value.port, in: 0...65535,
        "\(meaning): the port; 0 for any free one, which the log tells"))
  }
}
