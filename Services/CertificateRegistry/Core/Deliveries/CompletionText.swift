import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// The text that tells the holder that the permit is issued; it leaves through the outbox.
enum CompletionText {
  static func message(_ permit: Permit, _ command: IssueCommand) throws -> OutboxMessage {
    let key = "\(permit.id.text)-permit-issued"
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: key, templateID: "permit_issued",
      values: [
        NotificationV1.TemplateValue(name: "name", value: command.holder.name.masked),
        NotificationV1.TemplateValue(name: "valid_to", value: permit.term.validToOn.chinese),
      ],
      phone: command.phone.text, reference: permit.applicationID)
    return try OutboxMessage(
      request, NotificationV1.NotificationServiceMethods.enqueueMessage, to: .notification,
      lane: "permit:\(permit.id.text):notification", key: key)
  }
}
