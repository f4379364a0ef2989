public import DomainModel
internal import Synchronization

/// Finds the rows of a table that are not under every blind key yet, and brings them under it.
///
/// Looks are reads of some rows each, and only what is missing is written: nobody waits for a look
/// through millions. What was looked at under a ring of keys is looked at once; later rounds begin
/// with the rows that are new, which ids tell, as they ascend with time.
public struct KeyWalk: Sendable {
  /// How many rows one read looks at.
  public static let lookMax = 1_000
  /// How many rows one transaction brings up to date at most.
  public static let stepMax = 100
  /// How long it rests between two of these, in milliseconds, so that calls come between.
  public static let pauseMs: Int64 = 20
  /// How far behind another replica's clock may be whose rows are new, in milliseconds.
  public static let overlapMs: Int64 = 600_000

  /// What one read found.
  public struct Page: Sendable {
    /// The ids of those that are missing under some key.
    public var missing: [String]
    /// The last id that was looked at; nil where there are no more.
    public var last: String?

    /// A page of `count` rows, of which some are missing.
    public init(missing: [String], last: String?, count: Int) {
      self.missing = missing
      self.last = count == KeyWalk.lookMax ? last : nil
    }
  }

  /// What is walked.
  public struct Table: Sendable {
    /// The names of the ring's keys.
    var ring: @Sendable () -> [String]
    /// The rows after an id, in the order of their ids, `lookMax` of them.
    var look: @Sendable (Snapshot, _ after: String) throws -> Page
    /// Writes what these lack; returns how many rows that were.
    var add: @Sendable (Transaction, [String]) throws -> Int

    /// A table.
    public init(
      ring: @escaping @Sendable () -> [String],
      look: @escaping @Sendable (Snapshot, _ after: String) throws -> Page,
      add: @escaping @Sendable (Transaction, [String]) throws -> Int
    ) {
      self.ring = ring
      self.look = look
      self.add = add
    }
  }

  private let store: any Store
  private let time: any TimeSource
  private let table: Table
  private let known = Known()

  /// A walk through a table of the store.
  public init(_ table: Table, in store: any Store, time: any TimeSource) {
    self.table = table
    self.store = store
    self.time = time
  }

  /// One round, to the end of the table; returns how many rows were written.
  public func run() async throws -> Int {
    let table = self.table
    let (ring, began) = (table.ring(), self.time.now())
    var after: String? = self.known.end(under: ring)
    var added = 0
    while let from = after {
      let page = try await self.store.read { try table.look($0, from) }
      added += try await self.add(page.missing)
      after = page.last
      if after != nil { try await self.time.sleep(milliseconds: Self.pauseMs) }
    }
    if table.ring() == ring {
      self.known.walked(to: began.adding(milliseconds: -Self.overlapMs), under: ring)
    }
    return added
  }

  private func add(_ missing: [String]) async throws -> Int {
    let table = self.table
    var added = 0
    for first in stride(from: 0, to: missing.count, by: Self.stepMax) {
      if first > 0 { try await self.time.sleep(milliseconds: Self.pauseMs) }
      let some = Array(missing[first..<min(first + Self.stepMax, missing.count)])
      added += try await self.store.write { try table.add($0, some) }
    }
    return added
  }
}

/// Up to which id rows are known to be under every key of a ring.
private final class Known: Sendable {
  private let state = Mutex<(ring: [String], end: String)>(([], ""))

  /// The id after which to look: that of the first row under another ring.
  func end(under ring: [String]) -> String {
    self.state.withLock { $0.ring == ring ? $0.end : "" }
  }

  func walked(to instant: Timestamp, under ring: [String]) {
    let end = ID<Self>.least(at: instant).text
    self.state.withLock { $0 = (ring, end) }
  }
}
