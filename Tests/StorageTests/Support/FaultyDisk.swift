import CFaultyDisk
import DomainModel
import Logging
import Storage
import Synchronization
import Testing

@testable import StorageSQLite

/// A disk that fails on command, under a SQLite store (`Tests/FaultyDisk`).
final class FaultyDisk: Sendable {
  enum Call {
    case read
    case write
    case sync
    /// Writes and syncs together.
    case change
    /// Writes to the database itself: what copies the log.
    case copy

    fileprivate var number: faulty_disk_call {
      switch self {
      case .read: FAULTY_DISK_READ
      case .write: FAULTY_DISK_WRITE
      case .sync: FAULTY_DISK_SYNC
      case .change: FAULTY_DISK_CHANGE
      case .copy: FAULTY_DISK_COPY
      }
    }
  }

  private let disk: Mutex<OpaquePointer>
  let fileSystem: String

  init() throws {
    self.fileSystem = "faulty-\(UInt64.random(in: 0 ... .max))"
    let disk = try #require(faulty_disk_make(self.fileSystem))
    self.disk = Mutex(disk)
  }

  deinit {
    self.disk.withLock { faulty_disk_free($0) }
  }

  /// From now on `count` calls fail, after `after` that succeed.
  func fail(_ call: Call, after: Int = 0, count: Int = 1) {
    self.disk.withLock { faulty_disk_fail($0, call.number, Int64(after), Int64(count)) }
  }

  /// Nothing fails any more.
  func heal() {
    for call in [Call.read, .write, .sync, .change, .copy] { self.fail(call, count: 0) }
    self.room(nil)
  }

  /// By how many bytes the files may still grow; nil without bound.
  func room(_ bytes: Int?) {
    self.disk.withLock { faulty_disk_room($0, bytes.map(Int64.init) ?? -1) }
  }

  func calls(_ call: Call) -> Int {
    Int(self.disk.withLock { faulty_disk_calls($0, call.number) })
  }

  /// Opens a store on this disk, runs the body and closes it.
  func withStore(
    _ path: String, options: SQLiteOptions = SQLiteOptions(), logger: Logger = .silent,
    _ body: (SQLiteStore) async throws -> Void
  ) async throws {
    var options = options
    options.fileSystem = self.fileSystem
    let store = try SQLiteStore(
      .file(path), options: options, time: FakeTime(), logger: logger)
    do {
      try await body(store)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }
}
