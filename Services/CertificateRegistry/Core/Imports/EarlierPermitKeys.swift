import DomainModel
import Logging
import ServiceCore
import Storage

/// Brings the index of imported permits' numbers under every key of the ring, as `PersonKeys` does
/// for persons. Rows under a key that is gone find nothing any more, and stay.
struct EarlierPermitKeys: Sendable {
  private let parts: CoreParts
  private let walk: KeyWalk

  init(store: RegistryStore, parts: CoreParts) {
    self.parts = parts
    let earlier = store.earlier
    let table = KeyWalk.Table(
      ring: { earlier.keyIDs }, look: { try earlier.lookForMissingRows($0, after: $1) },
      add: { try earlier.addMissingRows($0, of: $1) })
    self.walk = KeyWalk(table, in: store.tables.store, time: parts.time)
  }

  /// Runs until the task is cancelled; throws `CancellationError`. A store that is out of order is
  /// met again in the next round.
  func run() async throws {
    while true {
      do {
        let added = try await self.runOnce()
        if added > 0 {
          self.parts.logger.notice(
            "imported permits are under every blind key", metadata: ["rows": "\(added)"])
        }
      } catch let error where !(error is CancellationError) {
        self.parts.logger.warning("imported permits' keys were not brought up to date: \(error)")
      }
      try await self.parts.time.sleep(milliseconds: PersonKeys.pauseMs)
    }
  }

  /// One round; returns how many rows were written.
  func runOnce() async throws -> Int { try await self.walk.run() }
}
