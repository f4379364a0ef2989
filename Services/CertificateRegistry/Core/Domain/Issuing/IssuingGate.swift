import DomainModel

/// Decides whether the registry may issue: whether anything that lasts may be signed, a certificate
/// or a head of the log.
///
/// A permit that is issued by a wrong key, on top of a damaged log or at a wrong instant cannot be
/// taken back, while one that comes an hour later can be borne. A gate that shuts by mistake delays
/// people's permits, so the bounds are wide, and it opens as soon as the reason is gone. Erasing a
/// person cannot be taken back either, and asks it as well. What is signed already stays good, so
/// nobody asks it about verifying, losses or suspensions.
struct IssuingGate: Hashable, Sendable {
  /// How far off a clock may be.
  struct Bounds: Hashable, Sendable {
    /// How long before the newest head, or how far from the database's clock, it may stand, in
    /// milliseconds: an hour tells a wrong time zone from replicas that differ by seconds.
    var clockOffMs: Int64 = 3_600_000
    /// How many days after the newest head it may stand; asked only where the database has no clock
    /// of its own, for a registry may rest.
    var clockAheadDays = 180
  }

  /// What was found at the last look.
  struct Facts: Hashable, Sendable {
    /// When the newest head was signed; nil of a log without leaves. It is the newest thing that
    /// the store has from a clock that was right: everything is under a head within seconds, and
    /// while the gate is shut no head is signed.
    var headAt: Timestamp?
    /// How far the clock stood after the database's, in milliseconds; nil where that has none of
    /// its own.
    var clockAfterDatabaseMs: Int64?
    /// The key at hand, where it is a wrong one.
    var wrongKey: IssuingStop.KeyPair?
    /// What is damaged, where something is.
    var damage: IssuingStop.LogDamage?
  }

  let bounds: Bounds

  /// Everything that speaks against issuing now; nothing where it may go on.
  func stops(_ facts: Facts, now: Timestamp) -> [IssuingStop] {
    [
      facts.wrongKey.map { .keyWrong($0) },
      facts.damage.map { .logDamaged($0) },
      self.stop(facts, of: now),
    ].compactMap(\.self)
  }

  /// What is wrong with the clock. Where the database has one of its own, that tells one that has
  /// jumped from a registry that has rested; else only the log can.
  private func stop(_ facts: Facts, of now: Timestamp) -> IssuingStop? {
    if let apart = facts.clockAfterDatabaseMs, abs(apart) > self.bounds.clockOffMs {
      return .clockApart(apart)
    }
    guard let headAt = facts.headAt else { return nil }
    let after = now.milliseconds - headAt.milliseconds
    if after < -self.bounds.clockOffMs { return .clockBehind(-after) }
    let isAlone = facts.clockAfterDatabaseMs == nil
    let aheadMs = Int64(self.bounds.clockAheadDays) * 86_400_000
    return isAlone && after > aheadMs ? .clockAhead(after) : nil
  }
}
