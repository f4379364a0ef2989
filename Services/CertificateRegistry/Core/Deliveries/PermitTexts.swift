import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// The texts that tell a holder what has happened to the permit; they leave through the outbox.
enum PermitTexts: String {
  case issued = "permit_issued"
  case converted = "permit_converted"
  case endorsed = "permit_endorsed"
  case restored = "permit_restored"
  case moved = "permit_address_changed"
  case suspended = "permit_suspended"
  case cancelled = "permit_cancelled"
  case reinstated = "permit_reinstated"
  case lost = "loss_reported"
  case found = "loss_withdrawn"

  /// Who is told, and where.
  struct Recipient: Hashable, Sendable {
    /// The first character of the name and a star.
    let maskedName: String
    let phone: PhoneNumber
  }

  /// The text of an event; nil for one that nobody is told of. A conversion is told once, with the
  /// new permit; the dead are told nothing.
  init?(telling event: PermitEvent) {
    switch event {
    case .endorsed(_, _, let isLate): self = isLate ? .restored : .endorsed
    case .moved: self = .moved
    case .lost: self = .lost
    case .found: self = .found
    case .suspended: self = .suspended
    case .cancelled(.converted), .cancelled(.death): return nil
    case .cancelled: self = .cancelled
    case .reinstated: self = .reinstated
    case .contactChanged, .corrected, .endorsementPending, .endorsementEnded, .held, .released,
      .loaded, .renumbered, .phoneRemoved, .erased:
      return nil
    }
  }

  /// The text about a permit as it is after the event.
  func message(of permit: Permit, to recipient: Recipient) throws -> OutboxMessage {
    let key = self.key(of: permit)
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: key, templateID: self.rawValue,
      values: [.init(name: "name", value: recipient.maskedName)] + self.values(of: permit),
      phone: recipient.phone.text,
      reference: Self.reference(of: permit))
    return try OutboxMessage(
      request, NotificationV1.NotificationServiceMethods.enqueueMessage, to: .notification,
      lane: Self.lane(of: permit), key: key)
  }

  /// What a text is about: the application, or the permit itself where it was imported.
  static func reference(of permit: Permit) -> String {
    permit.applicationID.isEmpty ? permit.id.text : permit.applicationID
  }

  /// What is told of one permit leaves in order.
  static func lane(of permit: Permit) -> String { "permit:\(permit.id.text):notification" }

  /// Made of the permit and of what happened to it, so that whoever tells it again tells the same.
  /// That of the first issue is spelled as earlier releases did.
  private func key(of permit: Permit) -> String {
    permit.version == 1
      ? "\(permit.id.text)-permit-issued" : "\(permit.id.text)-\(permit.version)-\(self.rawValue)"
  }

  private func values(of permit: Permit) -> [NotificationV1.TemplateValue] {
    switch self {
    case .issued, .converted, .endorsed, .restored, .reinstated:
      [.init(name: "valid_to", value: permit.term.validToOn.chinese)]
    case .suspended:
      permit.standing.suspensionNotedFrom.map {
        [.init(name: "suspended_from", value: $0.chinese)]
      } ?? []
    case .moved, .cancelled, .lost, .found: []
    }
  }
}
