import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// The text that tells the holder that the permit is issued; it leaves through the outbox.
enum CompletionText {
  static let template = "permit_issued"

  static func message(
    _ permit: Permit, to maskedName: String, at phone: PhoneNumber
  ) throws -> OutboxMessage {
    let key = "\(permit.id.text)-permit-issued"
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: key, templateID: Self.template,
      values: [
        NotificationV1.TemplateValue(name: "name", value: maskedName),
        NotificationV1.TemplateValue(name: "valid_to", value: permit.term.validToOn.chinese),
      ],
      phone: phone.text, reference: permit.applicationID)
    return try OutboxMessage(
      request, NotificationV1.NotificationServiceMethods.enqueueMessage, to: .notification,
      lane: "permit:\(permit.id.text):notification", key: key)
  }
}
