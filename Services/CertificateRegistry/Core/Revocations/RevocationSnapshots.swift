import DomainModel
import Logging
import PermitProof
import ServiceCore
import Storage
import Synchronization

/// A snapshot as it is handed out.
struct KeptSnapshot: Hashable, Sendable {
  let head: RevocationSnapshot.Head
  /// How many certificates it lists.
  let count: Int
  /// The signed file.
  let bytes: [UInt8]
  /// PEM.
  let publicKeyPEM: String
}

/// The newest snapshot of revocations, and the one before, for whoever is still reading it.
///
/// A job makes one where somebody has asked and the newest is too old. So callers, however many,
/// cost the store one walk a minute, and no event loop ever sorts a million marks.
final class RevocationSnapshots: Sendable {
  /// The bounds.
  struct Limits: Hashable, Sendable {
    /// How long one is handed out before the next is made, in milliseconds.
    var keptMs: Int64 = 60_000
    /// For how long one says that a certificate is not listed, in milliseconds: one day.
    var validMs: Int64 = 86_400_000
    /// How long a caller waits for one that is being made, in milliseconds.
    var waitMs: Int64 = 5_000
    /// How long the job rests after it has failed, in milliseconds.
    var pauseMs: Int64 = 1_000
    /// How many bytes one answer has at most: clients take 4 MiB unless told.
    var partBytesMax = 1 << 20
  }

  private struct State {
    /// The newest first, two at most.
    var kept: [KeptSnapshot] = []
    var isRunning = false
    /// Why the last try has failed; nil where it has not.
    var failure: ServiceError?
  }

  private static let wanted: Topic = "wanted"
  private static let made: Topic = "made"

  let limits: Limits
  private let store: RegistryStore
  private let signer: any PermitSigner
  private let parts: CoreParts
  private let state = Mutex(State())
  private let hub = SignalHub()

  init(
    _ store: RegistryStore, signer: any PermitSigner, _ parts: CoreParts, limits: Limits = Limits()
  ) {
    self.store = store
    self.signer = signer
    self.parts = parts
    self.limits = limits
  }

  /// One that is not older than `keptMs`, as soon as it is made; where that takes too long the last
  /// one, while it is still good. Throws `OVERLOADED` where there is none, and
  /// `TREE_HEAD_NOT_FOUND` of a log without leaves.
  func newest() async throws -> KeptSnapshot {
    let time = self.parts.time
    let deadline = time.now().adding(milliseconds: self.limits.waitMs)
    while true {
      let mark = self.hub.mark(Self.made)
      if let fresh = self.fresh { return fresh }
      guard self.state.withLock({ $0.isRunning }) else { break }
      self.hub.signal([Self.wanted])
      guard try await self.hub.wait(Self.made, after: mark, until: deadline, by: time) else {
        break
      }
      if let failure = self.state.withLock({ $0.failure }) { throw failure }
    }
    let last = self.state.withLock { $0.kept.first }
    guard let last, time.now() < last.head.nextUpdateAt else {
      throw ServiceError(.overloaded, retryDelayMs: self.limits.pauseMs)
    }
    return last
  }

  /// The one of an instant. Throws `SNAPSHOT_NOT_FOUND` where another has taken its place.
  func snapshot(at instant: Timestamp) throws -> KeptSnapshot {
    let kept = self.state.withLock { $0.kept }
    guard let found = kept.first(where: { $0.head.at == instant }) else {
      throw ServiceError(.snapshotNotFound)
    }
    return found
  }

  /// Makes snapshots as they are wanted; throws `CancellationError`.
  func run() async throws {
    // Taken before anybody asks, and again before one is made: who asks meanwhile is heard.
    var mark = self.hub.mark(Self.wanted)
    self.state.withLock { $0.isRunning = true }
    defer { self.state.withLock { $0.isRunning = false } }
    while true {
      try await self.hub.wait(Self.wanted, after: mark)
      mark = self.hub.mark(Self.wanted)
      if self.fresh != nil { continue }
      do {
        let made = try await self.make()
        self.state.withLock { state in
          state.kept = [made] + state.kept.prefix(1)
          state.failure = nil
        }
        self.hub.signal([Self.made])
      } catch let error where !(error is CancellationError) {
        self.parts.logger.warning("no snapshot of revocations could be made: \(error)")
        let refusal = error as? ServiceError
        self.state.withLock { $0.failure = refusal ?? ServiceError(.overloaded) }
        self.hub.signal([Self.made])
        try await self.parts.time.sleep(milliseconds: self.limits.pauseMs)
      }
    }
  }

  /// A snapshot of this instant.
  func make() async throws -> KeptSnapshot {
    let now = self.parts.time.now()
    let log = try await self.store.treeHead(ofSize: 0).signed.head
    let head = RevocationSnapshot.Head(
      logID: log.logID, treeSize: log.size, at: now,
      nextUpdateAt: now.adding(milliseconds: self.limits.validMs), keyID: self.signer.keyID)
    guard let head else { throw UnusableData("the log's id or the key's is no word") }
    let list = try await RevocationQuery(store: self.store, at: now).list()
    let snapshot = RevocationSnapshot(head, of: list)
    let signature = try await self.signer.sign(snapshot.signedBytes)
    return KeptSnapshot(
      head: head, count: snapshot.count,
      bytes: SignedSnapshot(snapshot, signature: signature).bytes,
      publicKeyPEM: self.signer.publicKeyPEM)
  }

  private var fresh: KeptSnapshot? {
    let now = self.parts.time.now()
    return self.state.withLock { state in
      state.kept.first.flatMap { kept in
        now < kept.head.at.adding(milliseconds: self.limits.keptMs) ? kept : nil
      }
    }
  }
}
