import DomainModel
import Wire

extension NoticeDelivery {
  /// Throws with all that is wrong with it.
  init(_ wire: IntakeV1.RecordDeliveryRequest) throws {
    var defects = DefectList()
    let told = wire.delivery ?? IntakeV1.NoticeDelivery()
    for (field, text) in [
      ("application_id", wire.applicationID), ("delivery.message_id", told.messageID),
      ("delivery.template_id", told.templateID),
    ] {
      defects.add(TextRules.defects(of: text, charactersMax: 64), at: field)
    }
    defects.add(
      TextRules.defects(of: told.lastError, charactersMax: 64, isRequired: false),
      at: "delivery.last_error")
    let state = State(told.state)
    if state == nil { defects.add(.valueUnknown, at: "delivery.state") }
    try defects.throwIfAny(.requestInvalid)
    guard let state else { throw ServiceError(.requestInvalid) }
    self.init(
      messageID: told.messageID, templateID: told.templateID,
      templateVersion: Int(told.templateVersion), isStatutory: told.statutory, state: state,
      enqueuedAt: Timestamp(milliseconds: told.enqueuedAtMs),
      submittedAt: told.submittedAtMs == 0
        ? nil : Timestamp(milliseconds: told.submittedAtMs),
      endedAt: told.endedAtMs == 0 ? nil : Timestamp(milliseconds: told.endedAtMs),
      lastError: told.lastError, version: wire.version)
  }
}

extension NoticeDelivery.State {
  fileprivate init?(_ wire: IntakeV1.DeliveryState) {
    switch wire {
    case .delivered: self = .delivered
    case .failed: self = .failed
    case .expired: self = .expired
    case .unknown: self = .unknown
    case .cancelled: self = .cancelled
    case .queued: self = .queued
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension IntakeV1.NoticeDelivery {
  init(_ delivery: NoticeDelivery) {
    self.init(
      messageID: delivery.messageID, templateID: delivery.templateID,
      templateVersion: Int32(clamping: delivery.templateVersion),
      statutory: delivery.isStatutory, state: IntakeV1.DeliveryState(delivery.state),
      enqueuedAtMs: delivery.enqueuedAt.milliseconds,
      submittedAtMs: delivery.submittedAt?.milliseconds ?? 0,
      endedAtMs: delivery.endedAt?.milliseconds ?? 0, lastError: delivery.lastError)
  }
}

extension IntakeV1.DeliveryState {
  fileprivate init(_ state: NoticeDelivery.State) {
    switch state {
    case .delivered: self = .delivered
    case .failed: self = .failed
    case .expired: self = .expired
    case .unknown: self = .unknown
    case .cancelled: self = .cancelled
    case .queued: self = .queued
    }
  }
}
