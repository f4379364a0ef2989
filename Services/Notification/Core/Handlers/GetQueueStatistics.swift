import DomainModel
import RPC
import Storage
import Wire

extension NotificationHandlers {
  /// How much stands where, as counted with each change.
  func getQueueStatistics(
    _ request: NotificationV1.GetQueueStatisticsRequest, _ context: CallContext
  ) async throws -> NotificationV1.GetQueueStatisticsResponse {
    let now = self.time.now()
    return try await self.store.store.read { snapshot in
      let counts = try self.store.counts(snapshot, of: QueueCounter.all)
      let listed = QueueCounter.all.compactMap { counter -> NotificationV1.QueueCount? in
        guard case .state(let messageClass, let state) = counter,
          let messages = counts[counter], messages != 0
        else { return nil }
        return NotificationV1.QueueCount(
          messageClass: NotificationV1.MessageClass(messageClass),
          state: NotificationV1.MessageState(state), messages: Int64(messages))
      }
      return NotificationV1.GetQueueStatisticsResponse(
        counts: listed,
        pauses: try self.store.pauses(snapshot).map(NotificationV1.QueuePause.init),
        possibleDuplicates: Int64(counts[.possibleDuplicates] ?? 0),
        knownDuplicates: Int64(counts[.knownDuplicates] ?? 0),
        earlyReceipts: Int64(counts[.earlyReceipts] ?? 0),
        oldestDueAtMs: try self.store.oldestDue(snapshot, at: now)?.milliseconds ?? 0)
    }
  }
}
