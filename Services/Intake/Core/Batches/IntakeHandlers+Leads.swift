import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Keeps a third party's report, and reminds the person unless he was reminded lately or is
  /// declaring his residence already.
  func keep(
    _ lead: IntakeV1.Lead, of rowKey: String, _ call: MutatingCall
  ) async throws -> IntakeV1.BatchRowResult {
    let checked = try LeadInput(lead).checked(
      on: CivilDate(of: call.now), in: self.region.divisions)
    let content = try lead.wireBytes()
    return try await call.commit { transaction, stamp in
      let id: ID<Lead> = stamp.newID()
      let isReminded = try self.store.keep(transaction, checked, content, as: id, stamp)
      if isReminded {
        try self.store.tables.outbox.enqueue(
          transaction, LeadReminder.message(about: checked, id), now: stamp.now)
      }
      return IntakeV1.BatchRowResult(
        rowKey: rowKey, outcome: .kept, leadID: id.text, reminded: isReminded)
    }
  }
}

extension LeadInput {
  fileprivate init(_ lead: IntakeV1.Lead) {
    self.init(
      source: Choice(lead.source.rawValue, Lead.Source.init(rawValue:)),
      reportedBy: lead.reportedBy, citizenID: lead.citizenID, name: lead.name, phone: lead.phone,
      residence: AddressInput(lead.residence), sinceOn: lead.sinceOn)
  }
}

/// The text that reminds a person; it names no employer, landlord or school, only what they are.
enum LeadReminder {
  static func message(about lead: Lead, _ id: ID<Lead>) throws -> OutboxMessage {
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: "\(id.text)-reminder", templateID: "registration_reminder",
      values: [
        NotificationV1.TemplateValue(name: "name", value: PersonName.masked(lead.name.text)),
        NotificationV1.TemplateValue(name: "reporter", value: lead.source.chinese),
      ],
      phone: lead.phone.text, reference: id.text)
    return try OutboxMessage(
      request, NotificationV1.NotificationServiceMethods.enqueueMessage, to: .notification,
      lane: "lead:\(id.text):notification", key: request.idempotencyKey)
  }
}

extension Lead.Source {
  /// As a text writes it.
  fileprivate var chinese: String {
    switch self {
    case .employer: "用人单位"
    case .landlord: "房屋出租人"
    case .school: "学校"
    }
  }
}
