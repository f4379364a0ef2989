import DomainModel
import Logging
import Storage
import Synchronization

/// Remembers why a store is out of order, tells the log once, and gives callers the error they can
/// act on.
final class FaultLog: Sendable {
  /// How long callers are asked to wait before another try, in milliseconds.
  private static let retryDelayMs: Int64 = 1_000

  private let current = Mutex<StorageError?>(nil)
  private let logger: Logger

  init(_ logger: Logger) {
    self.logger = logger
  }

  var fault: StorageError? { self.current.withLock { $0 } }

  /// What a caller hears: an outage of the store becomes `STORE_UNAVAILABLE`, its cause stays here.
  func atBorder(_ error: any Error) -> any Error {
    guard let fault = error as? StorageError, fault.isOutage else { return error }
    let isNew = self.current.withLock { current in
      defer { current = fault }
      return current != fault
    }
    if isNew { self.logger.error("storage: \(fault)") }
    return ServiceError(.storeUnavailable, retryDelayMs: Self.retryDelayMs)
  }

  /// A write was committed: the store works.
  func clear() {
    let wasFaulty = self.current.withLock { current in
      if current == nil { return false }
      current = nil
      return true
    }
    if wasFaulty { self.logger.notice("storage: works again") }
  }

  func warn(_ text: String) {
    self.logger.warning("storage: \(text)")
  }
}
