public import DomainModel
public import Logging
internal import Synchronization

/// Brings the blind index of persons under every key of the ring, and removes rows of keys that the
/// ring has no more: the background half of a key's rotation.
///
/// **How a key is rotated, with nobody waiting and nothing restarted.** Two changes of the key's
/// file, on every replica; each is read again within seconds:
///
/// 1. the new key becomes the first line, above the old one: persons are found by either and new
///    ones are written under both, so that a replica that knows only the old one finds them too;
///    this job writes the rows that are missing, and says so in the log;
/// 2. once all replicas know both and the job has said so, the old line goes; this job removes its
///    rows once it has known them for ten minutes as nobody's.
///
/// *Why not at once?* A replica with the old key alone and one with the new alone would each make a
/// person of the same number. *If the second change comes too early,* `check` refuses it: the
/// start, or the file that was read again.
public struct PersonKeys: Sendable {
  /// How long it rests when there is nothing to do, in milliseconds: a replica that knows fewer
  /// keys may still make a person.
  public static let pauseMs: Int64 = 60_000
  /// How long a key must have been known as none of the ring's before its rows go, in milliseconds:
  /// a replica that has not read its file again yet takes the new key's rows for left over.
  public static let foreignMs: Int64 = 600_000

  private let store: any Store
  private let persons: PersonDirectory
  private let time: any TimeSource
  private let logger: Logger
  private let walk: KeyWalk
  private let foreign = ForeignKeys()

  /// The keys of one service's persons.
  public init(
    store: any Store, persons: PersonDirectory, time: any TimeSource,
    logger: Logger = Logger(label: "anju.persons")
  ) {
    self.store = store
    self.persons = persons
    self.time = time
    self.logger = logger
    let table = KeyWalk.Table(
      ring: { persons.keyIDs }, look: { try persons.lookForMissingRows($0, after: $1) },
      add: { try persons.addMissingRows($0, of: $1) })
    self.walk = KeyWalk(table, in: store, time: time)
  }

  /// Throws `StorageError.keysRefused` where a person would not be found any more, and so would
  /// be made a second time: he is known only under keys that the ring has not. `index` has the
  /// keys that are to come, nil for those that are there.
  public func check(_ index: (any BlindIndex)? = nil) async throws {
    let persons = index.map(self.persons.under) ?? self.persons
    let lost = try await self.store.read { try persons.unfound($0) }
    guard lost > 0 else { return }
    let keys = persons.keyIDs.joined(separator: ", ")
    throw StorageError.keysRefused(
      "\(self.store.name): \(lost) persons are known under other blind keys than \(keys): put the "
        + "key that is missing back into the blind key's file, below the others, until the log "
        + "says that persons are under every key")
  }

  /// Runs until the task is cancelled; throws `CancellationError`. A store that is out of order is
  /// met again in the next round.
  public func run() async throws {
    while true {
      do {
        let changed = try await self.runOnce()
        if changed > 0 {
          self.logger.notice(
            "persons are under every blind key", metadata: ["rows": "\(changed)"])
        }
      } catch let error where !(error is CancellationError) {
        self.logger.warning("persons' blind keys were not brought up to date: \(error)")
      }
      try await self.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round: bounded steps, each a transaction of its own, until nothing is missing or left
  /// over. Returns how many rows were written or removed.
  public func runOnce() async throws -> Int {
    let persons = self.persons
    let added = try await self.walk.run()
    let found = try await self.store.read { try persons.foreignKeys($0) }
    let old = self.foreign.old(of: found, now: self.time.now())
    if old.isEmpty { return added }
    return try await added
      + self.inSteps { try persons.removeRows($0, under: old, limit: KeyWalk.stepMax) }
  }

  private func inSteps(
    _ step: @escaping @Sendable (Transaction) throws -> Int
  ) async throws -> Int {
    var changed = 0
    while true {
      let count = try await self.store.write { try step($0) }
      changed += count
      if count < KeyWalk.stepMax { return changed }
      try await self.time.sleep(milliseconds: KeyWalk.pauseMs)
    }
  }
}

/// Since when keys are known that the ring has not.
private final class ForeignKeys: Sendable {
  private let since = Mutex<[String: Timestamp]>([:])

  /// Of the keys that are found now, those that have been known long enough.
  func old(of found: Set<String>, now: Timestamp) -> [String] {
    self.since.withLock { since in
      since = since.filter { found.contains($0.key) }
      for key in found where since[key] == nil { since[key] = now }
      return since.filter { $0.value.adding(milliseconds: PersonKeys.foreignMs) <= now }.keys
        .sorted()
    }
  }
}
