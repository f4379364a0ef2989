/// What is to be done once a transaction has been committed; nothing of it where it has not.
public struct Aftermath: Sendable {
  /// The topics to wake.
  public internal(set) var topics: Set<Topic> = []
  /// What else is to be done, in its order.
  var deeds: [@Sendable () -> Void] = []

  /// Nothing.
  public init() {}

  /// Does all but waking, which engines know how to.
  public func doDeeds() {
    for deed in self.deeds { deed() }
  }
}
