/// What an operator says of the registry.
public struct RegistrySettings: Hashable, Sendable {
  /// The ids of the integrators that may watch the changes.
  public var watchers: Set<String>
  /// How long the answer to a change of a permit waits for its leaf in the log at most, in
  /// milliseconds.
  public var leafWaitMs: Int

  /// The defaults: nobody watches but auditors, and answers wait for up to two seconds.
  public init(watchers: Set<String> = [], leafWaitMs: Int = 2_000) {
    self.watchers = watchers
    self.leafWaitMs = leafWaitMs
  }
}
