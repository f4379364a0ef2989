import DomainModel
import RPC
import Storage
import Wire

extension RegistryHandlers {
  /// The text that tells the holder that the permit is issued; it leaves through the outbox.
  func completionText(_ permit: Permit, _ command: IssueCommand) throws -> OutboxMessage {
    let key = "\(permit.id.text)-permit-issued"
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: key, templateID: "permit_issued",
      values: [
        NotificationV1.TemplateValue(name: "name", value: command.holder.name.masked),
        NotificationV1.TemplateValue(name: "valid_to", value: permit.term.validToOn.chinese),
      ],
      phone: command.phone.text, reference: permit.applicationID)
    return OutboxMessage(
      lane: "permit:\(permit.id.text):notification", destination: "notification",
      method: NotificationV1.NotificationServiceMethods.enqueueMessage.path,
      payload: try request.wireBytes(), idempotencyKey: key)
  }
}
