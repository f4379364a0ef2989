import DomainModel
import PermitProof
import RPC
import ServiceCore
import Wire

extension FeedPush {
  /// Sends a batch; returns the first leaf that the platform does not have.
  func send(_ batch: FeedBatch, after cursor: FeedCursor) async throws -> Int {
    var request = FeedV1.PushChangesRequest(
      idempotencyKey: batch.key(for: self.sink.name), sink: self.sink.name,
      changes: batch.page.leaves.map(RegistryV1.Change.init),
      firstLeafIndex: Int64(batch.first),
      head: batch.page.head.map(RegistryV1.TreeHead.init),
      nextLeafIndex: Int64(batch.page.next))
    if let consistency = batch.consistency {
      request.consistentFromTreeSize = Int64(cursor.headSize)
      request.consistencyPath = consistency.hashes.map(\.bytes)
    }
    let answer: FeedV1.PushChangesResponse = try await self.sink.channel.unary(
      FeedV1.ChangeSinkMethods.pushChanges, request,
      CallOptions(timeoutMs: self.limits.callMs))
    return Int(answer.nextLeafIndex)
  }
}
