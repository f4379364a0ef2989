import DomainModel
import Synchronization

/// How many uploads go on at once in this process: each holds a material in memory.
final class UploadSlots: Sendable {
  /// How long a caller who finds them all taken should wait, in milliseconds.
  static let retryDelayMs: Int64 = 1_000

  private let free: Mutex<Int>

  init(_ count: Int = UploadLimits.uploadsAtOnceMax) {
    self.free = Mutex(count)
  }

  /// Takes a slot; throws `OVERLOADED` where all are taken. Each one taken is given back.
  func take() throws {
    let isTaken = self.free.withLock { free in
      if free == 0 { return false }
      free -= 1
      return true
    }
    if !isTaken { throw ServiceError(.overloaded, retryDelayMs: Self.retryDelayMs) }
  }

  func giveBack() {
    self.free.withLock { $0 += 1 }
  }
}
