import DomainModel
import PermitProof
import ServiceCore
import Storage

extension LogSequencer {
  /// One batch. Throws `LogLeaseLost` where somebody else has claimed the log meanwhile, and what
  /// store and signer throw; nothing is written then, unless the store cannot say whether it has
  /// committed: the next round, under a new claim, reads what there is.
  func round(_ held: inout Held?) async throws -> Round {
    let before = held
    held = nil
    // A head lasts as a certificate does: one over a damaged tree, or of a clock that is years
    // ahead, could never be taken back. Another replica may sign meanwhile, once the lease ends.
    if self.issuing?.isShut == true { return .stopped }
    let log = self.log
    guard try await self.parts.store.read({ try log.isBehind($0) }) else {
      held = before
      return .idle
    }
    guard var now = try await self.hold(before) else { return .standby }
    let limit = self.limits.batchMax
    let batch = try await self.parts.store.read { snapshot in
      try log.batch(snapshot, after: before?.frontier, limit: limit)
    }
    guard !batch.entries.isEmpty else {
      held = now
      return .idle
    }
    let lease = now.lease
    let made = try await self.sequence(batch, in: lease.logID)
    let leaseMs = self.limits.leaseMs
    now.until = self.parts.time.now().adding(milliseconds: leaseMs)
    try await self.parts.store.write { transaction in
      try log.commit(transaction, made, by: lease, leaseMs: leaseMs)
    }
    now.frontier = made.frontier
    held = now
    return .sequenced(batch.entries.count)
  }

  /// What is held, while its lease surely lasts, or a new claim; nil while the log is another's.
  ///
  /// A lease that has ended without anybody's claim would still do: the commit asks for its fence.
  /// The log is claimed anew all the same, so that no batch is made in vain.
  private func hold(_ held: Held?) async throws -> Held? {
    let now = self.parts.time.now()
    if let held, now < held.until { return held }
    let log = self.log
    let (owner, leaseMs) = (self.owner, self.limits.leaseMs)
    // Looked up by a reader first: who only waits does not get in the owner's way.
    guard try await self.parts.store.read({ try log.isFree($0, for: owner) }) else { return nil }
    let logID = self.parts.makeID(of: LogTable.self).text
    let lease = try await self.parts.store.write { transaction in
      try log.claim(transaction, owner: owner, leaseMs: leaseMs, newLogID: logID)
    }
    return lease.map { lease in
      Held(
        lease: lease, until: now.adding(milliseconds: leaseMs), frontier: held?.frontier)
    }
  }

  /// The batch with its leaves, and a signed head over all.
  private func sequence(_ batch: LogBatch, in logID: String) async throws -> SequencedBatch {
    var frontier = batch.frontier
    var nodes: [TreeNode] = []
    for entry in batch.entries { nodes.append(contentsOf: frontier.append(entry.leaf)) }
    // Heads do not go back in time, even where a replica's clock does.
    let now = self.parts.time.now()
    let head = TreeHead(
      logID: logID, size: frontier.size, root: frontier.root,
      at: max(now, batch.headAt ?? now), keyID: self.signer.keyID)
    let signature = try await self.signer.sign(head.canonicalBytes)
    return SequencedBatch(
      batch: batch, frontier: frontier, nodes: nodes.filter { $0.place.level > 0 },
      head: SignedTreeHead(head, signature: signature), publicKeyPEM: self.signer.publicKeyPEM)
  }
}
