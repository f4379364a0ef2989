import DomainModel
import Logging

/// What a dispatcher learns of its destinations by sending.
extension OutboxDispatcher {
  /// Notes a failed attempt. Who refuses, or says why not now, is there.
  func note(_ error: ServiceError, of destination: String) {
    if error.metNobody {
      self.noteMissed(destination, error)
    } else {
      self.noteReached(destination)
    }
  }

  func noteReached(_ destination: String) {
    guard case .found(let failures) = self.slots.reached(destination),
      failures >= self.limits.toldAttemptsMin
    else { return }
    self.environment.logger.info(
      "outbox: a destination is reached again",
      metadata: ["destination": "\(destination)", "attempts": "\(failures)"])
  }

  /// Told at each doubling: soon enough to be seen, seldom enough to be read.
  private func noteMissed(_ destination: String, _ error: ServiceError) {
    let (time, random) = (self.environment.time, self.environment.random)
    guard case .lost(let failures) = self.slots.missed(destination, time.now(), random),
      failures >= self.limits.toldAttemptsMin, failures & (failures - 1) == 0
    else { return }
    self.environment.logger.warning(
      "outbox: a destination cannot be reached; what is owed to it waits",
      metadata: [
        "destination": "\(destination)", "attempts": "\(failures)", "reason": "\(error.message)",
      ])
  }
}

extension ServiceError {
  /// Whether nobody answered: a peer that says UNAVAILABLE itself gives a reason of the catalogue.
  fileprivate var metNobody: Bool { self.code == .unavailable && self.reason.isEmpty }
}
