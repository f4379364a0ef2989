public import DomainModel

/// Who makes a change and when, and new ids for what begins with it.
public struct Stamp: Sendable {
  /// Who makes it.
  public var actor: Actor
  /// When: taken before the transaction, which may run more than once.
  public var now: Timestamp
  private let random: any RandomSource

  /// A change by somebody at an instant.
  public init(_ actor: Actor, at now: Timestamp, random: any RandomSource) {
    self.actor = actor
    self.now = now
    self.random = random
  }

  /// A new id for something that begins now. A closure that runs again draws another one; nobody
  /// has seen the first.
  public func newID<Entity>(of: Entity.Type = Entity.self) -> ID<Entity> {
    ID(now: self.now, random: self.random)
  }

  /// So many random bytes, such as a salt. A closure that runs again draws others; nobody has seen
  /// the first.
  public func newBytes(_ count: Int) -> [UInt8] {
    self.random.bytes(count)
  }
}
