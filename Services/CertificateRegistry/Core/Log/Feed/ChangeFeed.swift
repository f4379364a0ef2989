import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage

/// Who watches the log, and how much of it at once.
///
/// Nothing is kept for a watcher but where he is: he is read to from the store, page by page, as
/// fast as he takes it, and whoever is cut off goes on from the last number that he was told.
struct ChangeFeed: Sendable {
  /// The bounds of one watch.
  struct Limits: Hashable, Sendable {
    /// How many changes one answer has at most: 100 KB.
    var pageMax = 100
    /// How many leaves one read looks at.
    var scanMax = 2_000
    /// How long a watcher whom nothing concerns is told nothing at most, in milliseconds.
    var silenceMs: Int64 = 10_000
    /// How many watch at once; an integrator has a few for its parts of the province.
    var watches = CallLimits(total: 64, ofApplicant: 0, ofOthers: 16)
  }

  let limits: Limits
  let slots: CallSlots
  /// The ids of the integrators that may watch.
  private let watchers: Set<String>

  init(_ limits: Limits = Limits(), watchers: Set<String>) {
    self.limits = limits
    self.slots = CallSlots(limits.watches)
    self.watchers = watchers
  }

  /// Throws `FEED_NOT_GRANTED` for an integrator whom the settings do not name. Auditors may.
  func check(_ caller: Caller) throws {
    guard caller.kind != .integrator || self.watchers.contains(caller.id) else {
      throw ServiceError(.feedNotGranted)
    }
  }
}

extension RegistryStore {
  /// The next page for a watcher.
  func page(
    from index: Int, in division: String, _ limits: ChangeFeed.Limits
  ) async throws -> LeafPage {
    try await self.read { snapshot in
      try self.log.page(
        snapshot, from: index, in: division, limit: limits.pageMax, scanMax: limits.scanMax)
    }
  }

  /// Says when there may be new leaves; ends when the process stops.
  func newLeaves(by time: any TimeSource) -> Changes {
    Changes(of: LogTable.sequenced, in: self.tables.store, by: time)
  }
}
