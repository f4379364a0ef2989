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
  /// For how many years permits and registrations are kept after their end.
  public var erasureYears = 5

  /// The defaults.
  public init(watchers: Set<String> = [], leafWaitMs: Int = 2_000) {
    self.watchers = watchers
    self.leafWaitMs = leafWaitMs
  }
}
