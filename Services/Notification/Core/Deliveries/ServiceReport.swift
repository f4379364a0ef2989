import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What intake is told of a text: the proof of service, which stays with the case's file when number
/// and text are erased here (rules.md, Notification). It leaves by the outbox, in the transaction that
/// made it known, so that nothing is lost.
struct ServiceReport: Sendable {
  private let request: IntakeV1.RecordDeliveryRequest

  /// Every end of a statutory notice, and of other news about a case what failed; also if it failed
  /// once and fares better now. Nil where the case has nothing to know.
  init?(_ before: QueuedMessage, _ after: Delivery) throws {
    let isFailure = [.dead, .expired, .unknown].contains(after.state)
    let wasEnd = before.delivery.state.isEnd
    let isNews = [.progress, .result].contains(before.messageClass)
    guard before.isStatutory || (isNews && (isFailure || wasEnd)), after.state.isEnd || wasEnd
    else {
      return nil
    }
    let version = before.version + 1
    self.request = IntakeV1.RecordDeliveryRequest(
      idempotencyKey: "\(before.id.text)-delivery-\(version)", applicationID: before.reference,
      delivery: IntakeV1.NoticeDelivery(
        messageID: before.id.text, templateID: before.templateID,
        templateVersion: Int32(clamping: before.templateVersion),
        statutory: before.isStatutory, state: IntakeV1.DeliveryState(after.state),
        enqueuedAtMs: before.enqueuedAt.milliseconds,
        submittedAtMs: after.submittedAt?.milliseconds ?? 0,
        endedAtMs: (after.deliveredAt ?? after.endedAt)?.milliseconds ?? 0,
        lastError: after.lastError), version: version)
  }

  /// The call that is owed. What is told of one case is told in order.
  func message() throws -> OutboxMessage {
    try OutboxMessage(
      self.request, IntakeV1.CaseProgressServiceMethods.recordDelivery, to: .intake,
      lane: "application:\(self.request.applicationID):delivery",
      key: self.request.idempotencyKey)
  }
}

extension IntakeV1.DeliveryState {
  fileprivate init(_ state: MessageState) {
    switch state {
    case .queued, .submitted: self = .queued
    case .delivered: self = .delivered
    case .dead: self = .failed
    case .cancelled: self = .cancelled
    case .expired: self = .expired
    case .unknown: self = .unknown
    }
  }
}
