import DomainModel

extension Permit {
  /// The permit after an event that was recorded at an instant.
  func applying(_ event: PermitEvent, at now: Timestamp) -> Permit {
    var next = self
    next.version += 1
    next.standing.apply(event, at: now)
    switch event {
    case .endorsed(let term, _, _): next.term = term
    case .moved(let division, _): next.divisionCode = division
    default: break
    }
    // Cards are made no more: whatever makes a certificate makes an electronic one.
    if event.makesCertificate { next.kind = .electronic }
    return next
  }
}

extension PermitStanding {
  fileprivate mutating func apply(_ event: PermitEvent, at now: Timestamp) {
    switch event {
    case .endorsed(_, let days, _):
      self.suspendedDays += days
      self.suspensionNotedFrom = nil
      self.pendingEndedOn = nil
      self.pending = nil
    case .lost: self.lostSince = now
    case .found: self.lostSince = nil
    case .endorsementPending(let pending, let isInTime):
      self.pending = pending
      // One that came to us after the timer had run was no suspension.
      if isInTime { self.suspensionNotedFrom = nil }
    case .endorsementEnded(_, let day, let wasInTime):
      self.pending = nil
      if wasInTime { self.pendingEndedOn = day }
    case .suspended(let from): self.suspensionNotedFrom = from
    case .cancelled(let reason): self.cancellation = Cancellation(reason: reason, at: now)
    case .reinstated: self.cancellation = nil
    case .held(let number): self.holds.append(number)
    case .released(let number): self.holds.removeAll { $0 == number }
    case .loaded: self.loadedAt = now
    case .erased: self.erasedAt = now
    case .moved, .contactChanged, .corrected, .renumbered, .phoneRemoved: break
    }
  }
}
