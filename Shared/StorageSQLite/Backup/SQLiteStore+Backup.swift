import DomainModel
import Storage
import StorageEngine
import Synchronization

extension SQLiteStore {
  /// How often a step of a backup is offered to a queue that is full, and how long it waits
  /// between, in milliseconds.
  private static let stepTriesMax = 100
  private static let stepPauseMs: Int64 = 100

  /// Writes a copy of the store, whole and looked through, to a file that is not there yet. Writes
  /// go on; each waits for one step of `backupPages` at most.
  ///
  /// It has everything that was acknowledged before the call, and may have what was written during
  /// it. Throws `StorageError` with a sentence that names the copy's file, `OVERLOADED` where a
  /// backup is under way already, and leaves no file then.
  public func backUp(to path: String) async throws {
    guard self.isBackingUp.exchange(true, ordering: .acquiringAndReleasing) == false else {
      throw ServiceError(.overloaded)
    }
    defer { self.isBackingUp.store(false, ordering: .releasing) }
    guard !DurableFile.exists(path) else {
      throw StorageError.cannotOpen("\(path) is there already: name another file")
    }
    do {
      try await self.copy(to: path)
      try await Self.onThread { try StoreFile.finishCopy(path) }
    } catch {
      DurableFile.remove(path)
      throw error
    }
  }

  private func copy(to path: String) async throws {
    do {
      try await self.backupStep { connection in
        connection.backup = try BackupRun(of: connection.handle, to: path)
        return false
      }
      let pages = self.backupPages
      while try await !self.backupStep({ try $0.backup?.step(pages: pages) ?? true }) {
        try Task.checkCancellation()
      }
    } catch {
      await self.endBackup()
      throw error
    }
    await self.endBackup()
  }

  /// One step on the writer's thread; true once it was the last one. Its error is the copy's and no
  /// fault of the store.
  @discardableResult
  private func backupStep(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Bool
  ) async throws -> Bool {
    var tries = 0
    while true {
      do {
        let outcome = try await self.writer.submit(
          .standing { connection in
            guard let connection = connection as? SQLiteConnection else {
              preconditionFailure("a SQLite store has SQLite's connections")
            }
            return Result { try body(connection) }
          })
        return try outcome.get()
      } catch let error as ServiceError where error.code == .resourceExhausted {
        tries += 1
        if tries == Self.stepTriesMax { throw error }
        try await self.time.sleep(milliseconds: Self.stepPauseMs)
      }
    }
  }

  /// Lets go of the copy, also for a caller that was cancelled. A store that closes does it itself.
  private func endBackup() async {
    let ending = Task {
      try await self.backupStep { connection in
        connection.backup = nil
        return true
      }
    }
    _ = await ending.result
  }

  /// Runs what blocks for seconds on a thread of its own.
  static func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      _ = WorkerThread { continuation.resume(with: Result { try body() }) }
    }
  }
}
