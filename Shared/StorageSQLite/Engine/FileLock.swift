import Glibc
import Storage
import Synchronization

/// Keeps a second process away from a store's file for as long as this value lives.
///
/// The lock stands on a file of its own beside the database: closing any descriptor of the database
/// itself would drop the locks SQLite holds on it. The kernel gives it up when the process ends, in
/// whatever way.
final class FileLock: Sendable {
  private static let retryUs: UInt32 = 20_000
  private let descriptor: Mutex<Int32?>

  /// Takes the lock of `path`, waiting at most `waitMs` for a process that is about to end.
  init(_ path: String, waitMs: Int32) throws {
    let lockPath = path + ".lock"
    let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.cannotOpen(lockPath, errno) }
    let triesMax = max(1, Int(waitMs) * 1_000 / Int(Self.retryUs))
    for attempt in 1...triesMax {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        self.descriptor = Mutex(descriptor)
        return
      }
      if attempt < triesMax { usleep(Self.retryUs) }
    }
    close(descriptor)
    throw StorageError.busy(
      "\(path) is in use by another process: stop it, or name another file")
  }

  deinit {
    self.release()
  }

  /// Lets other processes have the file.
  func release() {
    self.descriptor.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  private static func cannotOpen(_ path: String, _ code: Int32) -> StorageError {
    let reason = String(cString: strerror(code))
    if code == EACCES || code == EROFS || code == EPERM {
      return .readOnly(
        "\(path) cannot be made: \(reason): give this process's user the right to write the folder")
    }
    return .cannotOpen("\(path) cannot be made: \(reason): its folder must exist and be writable")
  }
}
