/// What an operator decides of the registry.
public struct RegistrySettings: Hashable, Sendable {
  /// For how many years it is kept who looked at whose permit: three at least (rules, Registry).
  public static let provisionYears = 3...30
  /// For how many years permits and registrations are kept after their end: as long as it is kept
  /// who was told of them at least.
  public static let erasureYears = 3...100

  /// The ids of the integrators that may watch the changes; nobody's but auditors' to begin with.
  public var watchers: Set<String>
  /// The integrators that may report of persons and import permits.
  public var authorities = Authorities()
  /// How long the answer to a change of a permit waits for its leaf in the log at most, in
  /// milliseconds.
  public var leafWaitMs: Int
  /// For how many years it is kept who looked at whose permit.
  public var provisionYears = RegistrySettings.provisionYears.lowerBound
  /// By what issuing stops.
  public var issuing = Issuing()
  /// For how many years permits and registrations are kept after their end.
  public var erasureYears = 5

  /// The defaults.
  public init(watchers: Set<String> = [], leafWaitMs: Int = 2_000) {
    self.watchers = watchers
    self.leafWaitMs = leafWaitMs
  }

  /// By what issuing stops by itself: how often it is looked, how far back, and how far off a clock
  /// may be.
  public struct Issuing: Hashable, Sendable {
    /// How often the store is looked at, in seconds.
    public var lookSeconds = 60
    /// How many of the log's leaves a look takes, from the newest one back; 0 for none.
    public var entriesMax = 128
    /// How far the clock may stand before the log's newest head, or from the database's clock, in
    /// seconds.
    public var clockOffSeconds = 3_600
    /// How far the clock may stand after the log's newest head where the database has no clock of
    /// its own, in days.
    public var clockAheadDays = 180

    /// The defaults.
    public init() {}
  }
}
