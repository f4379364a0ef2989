import DomainModel
package import Logging
package import Storage
import Synchronization

/// Remembers why a store is out of order, tells the log once, and gives callers the error they can
/// act on. Reading and writing are remembered apart: a disk that is full can still be read.
package final class FaultLog: Sendable {
  package enum Side: CaseIterable {
    case writing
    case reading
  }

  /// How long callers are asked to wait before another try, in milliseconds.
  package static let retryDelayMs: Int64 = 1_000

  private let faults = Mutex<[Side: StorageError]>([:])
  private let logger: Logger

  package init(_ logger: Logger) {
    self.logger = logger
  }

  /// What keeps the store from writing, else from reading.
  package var fault: StorageError? { self.faults.withLock { $0[.writing] ?? $0[.reading] } }

  package func isFaulty(_ side: Side) -> Bool { self.faults.withLock { $0[side] != nil } }

  /// What a caller hears: an outage of the store becomes `STORE_UNAVAILABLE`, its cause stays here.
  package func atBorder(_ error: any Error, _ side: Side) -> any Error {
    guard let fault = error as? StorageError, fault.isOutage else { return error }
    // Two callers that met are no fault of the store.
    if fault != .serializationFailure { self.note(fault, side) }
    return ServiceError(.storeUnavailable, retryDelayMs: Self.retryDelayMs)
  }

  private func note(_ fault: StorageError, _ side: Side) {
    let isNew = self.faults.withLock { faults in
      if let known = faults[side], known == fault || known.isDamage { return false }
      faults[side] = fault
      return true
    }
    if isNew { self.logger.error("storage: \(fault)") }
  }

  /// Something was really written, or read: that side works. A damaged file stays damaged, whatever
  /// its other pages hold.
  package func clear(_ side: Side) {
    let wasFaulty = self.faults.withLock { faults in
      guard let known = faults[side], !known.isDamage else { return false }
      faults[side] = nil
      return true
    }
    if wasFaulty { self.logger.notice("storage: \(side) works again") }
  }

  package func warn(_ text: String) {
    self.logger.warning("storage: \(text)")
  }
}

extension StorageError {
  /// Only a restore mends it.
  fileprivate var isDamage: Bool {
    if case .corrupt = self { return true }
    return false
  }
}
