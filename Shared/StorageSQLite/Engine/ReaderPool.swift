import DomainModel
import Storage
import StorageEngine

/// A bounded number of readers, each a thread with a connection, behind one bounded queue.
final class ReaderPool: Sendable {
  private let queue: WorkQueue<ReadRequest>
  private let threads: [WorkerThread]

  init(_ readers: [SQLiteReader], _ options: SQLiteOptions) {
    let queue = WorkQueue<ReadRequest>(waitingMax: options.waitingReadsMax)
    self.queue = queue
    self.threads = readers.map { reader in
      let handed = Handed(value: reader)
      return WorkerThread {
        while let requests = queue.take(limit: 1) {
          for request in requests { handed.value.serve(request) }
        }
        handed.value.close()
      }
    }
  }

  func submit<Value: Sendable>(_ job: ClosureJob<Value>) async throws -> Value {
    let request = ReadRequest(job)
    return try await self.queue.run(job, as: request) {
      $0 === request
    } onLateCancel: {
      request.cancel()
    }
  }

  func close() async {
    self.queue.close()
    for thread in self.threads { await thread.waitUntilEnded() }
  }

  func beginClosing() {
    self.queue.close()
  }
}
