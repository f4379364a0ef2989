import DomainModel
import Testing

@testable import CertificateRegistryCore

/// What stops issuing, decided over values alone.
struct IssuingGateTests {
  /// One case: what was found, how long after the newest head it is, and what must be said.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var facts = IssuingGate.Facts()
    /// Nil where no head is signed yet.
    var afterHeadMs: Int64? = 0
    let causes: [IssuingStop.Cause]

    init(
      _ name: String, afterHeadMs: Int64? = 0, says causes: [IssuingStop.Cause],
      _ change: (inout IssuingGate.Facts) -> Void = { _ in }
    ) {
      self.testDescription = name
      self.afterHeadMs = afterHeadMs
      self.causes = causes
      change(&self.facts)
    }
  }

  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 24 * hour
  private static let damage = IssuingStop.LogDamage(
    code: "LEAF_ALTERED", place: "leaf 7", text: "its hash is not that of its record")
  private static let keys = IssuingStop.KeyPair(keyID: "other", inUse: "ours")

  private static let cases: [Case] = [
    Case("a registry with nothing in it issues", afterHeadMs: nil, says: []),
    Case("a right clock", says: []),
    Case("an hour before the head", afterHeadMs: -hour, says: []),
    Case("a millisecond more", afterHeadMs: -hour - 1, says: [.clockBehind]),
    Case("the year 1970", afterHeadMs: -20_000 * day, says: [.clockBehind]),
    Case("a rest of 180 days", afterHeadMs: 180 * day, says: []),
    Case("a millisecond longer", afterHeadMs: 180 * day + 1, says: [.clockAhead]),
    Case("a long rest, by a database that agrees", afterHeadMs: 4_000 * day, says: []) {
      $0.clockAfterDatabaseMs = 5
    },
    Case("an hour after the database's clock", says: []) { $0.clockAfterDatabaseMs = hour },
    Case("a millisecond more than that", says: [.clockApart]) {
      $0.clockAfterDatabaseMs = hour + 1
    },
    Case("as much before it", afterHeadMs: nil, says: [.clockApart]) {
      $0.clockAfterDatabaseMs = -hour - 1
    },
    Case("behind, though the database agrees", afterHeadMs: -day, says: [.clockBehind]) {
      $0.clockAfterDatabaseMs = 0
    },
    Case("a wrong key", afterHeadMs: nil, says: [.signingKey]) { $0.wrongKey = keys },
    Case("damage", says: [.logDamaged]) { $0.damage = damage },
    Case(
      "all at once are all said", afterHeadMs: -day,
      says: [.signingKey, .logDamaged, .clockBehind]
    ) {
      $0.wrongKey = keys
      $0.damage = damage
    },
  ]

  @Test(arguments: cases)
  func `the gate is shut for just what speaks against issuing`(_ each: Case) {
    let headAt = Timestamp(milliseconds: 1_773_104_400_000)
    var facts = each.facts
    facts.headAt = each.afterHeadMs == nil ? nil : headAt
    let stops = IssuingGate(bounds: .init()).stops(
      facts, now: headAt.adding(milliseconds: each.afterHeadMs ?? 0))
    #expect(stops.map(\.cause) == each.causes)
  }

  @Test(arguments: [
    (IssuingStop.clockBehind(5_400_000), "90 minutes before the newest head"),
    (.clockAhead(200 * day), "200 days after the newest head"),
    (.clockApart(-3 * hour), "3 hours before the database's"),
    (.clockApart(50 * hour), "2 days after the database's"),
    (.logDamaged(damage), "leaf 7 is damaged (LEAF_ALTERED): its hash is not that of its record"),
    (.keyWrong(keys), "the key other is not the one that signs for the registry, ours"),
  ])
  func `each reason is a sentence that says what, how much and where`(
    _ stop: IssuingStop, _ part: String
  ) {
    #expect(stop.sentence.contains(part))
    #expect("\(IssuingStopped(stops: [stop]))".hasPrefix("nothing is issued: "))
  }
}
