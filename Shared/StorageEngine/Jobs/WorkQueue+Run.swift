import DomainModel
import Storage

extension WorkQueue {
  /// How long callers are asked to wait while the queue is full, in milliseconds.
  private static var retryDelayMs: Int64 { 100 }

  /// Queues a job and waits for its outcome. A task that is cancelled takes its job out of the
  /// queue again; one that a thread has taken already is `onLateCancel`'s.
  package func run<Value: Sendable>(
    _ job: ClosureJob<Value>, as item: Item, isItem: @escaping @Sendable (Item) -> Bool,
    onLateCancel: @escaping @Sendable () -> Void = {}
  ) async throws -> Value {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        job.tell(continuation)
        switch self.add(item) {
        case .admitted:
          // Cancelled before it was in the queue: the handler below found nothing to take out.
          if Task.isCancelled { self.cancel(job, isItem, onLateCancel) }
        case .full:
          job.fail(ServiceError(.overloaded, retryDelayMs: Self.retryDelayMs))
          job.finish()
        case .closed:
          job.fail(ServiceError(.storeUnavailable))
          job.finish()
        }
      }
    } onCancel: {
      self.cancel(job, isItem, onLateCancel)
    }
  }

  private func cancel(
    _ job: any WriteJob, _ isItem: (Item) -> Bool, _ onLateCancel: () -> Void
  ) {
    if self.remove(where: isItem) {
      job.fail(CancellationError())
      job.finish()
    } else {
      onLateCancel()
    }
  }
}
