import DomainModel
import PermitProof
import ServiceCore
import Storage

/// A permit's next certificate, made outside of the transaction that may save it.
struct PreparedChange: Hashable, Sendable {
  /// The version of the permit that it was made for.
  let version: Int
  let certificate: SignedCertificate
}

/// A permit after a change.
struct ChangedPermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  /// What has happened; empty where it stood so already.
  let events: [PermitEvent]
  /// There was a text, and nobody to send it to.
  let isUntold: Bool

  /// It was submitted or reported after its term.
  var isLate: Bool {
    self.events.contains { event in
      switch event {
      case .endorsed(_, _, let isLate), .moved(_, let isLate): isLate
      default: false
      }
    }
  }
}

extension RegistryStore {
  /// What an order would do to its permit as things stand, and the permit's document: what decides
  /// whether to sign, and what. The decision that counts is `change`'s own.
  func outlook(
    _ order: PermitOrder, at now: Timestamp
  ) async throws -> (permit: Permit, events: [PermitEvent], signed: SignedDocument) {
    try await self.read { snapshot in
      let permit = try self.permit(snapshot, order)
      return (
        permit, try self.decide(snapshot, permit, order, at: now),
        try self.permits.signedDocument(snapshot, of: permit.id)
      )
    }
  }

  /// Decides and saves what an order does to its permit: facts, certificate, history and the text
  /// to the holder.
  ///
  /// Throws `PreparedInVain` where the certificate is to be made anew and the prepared one is of
  /// another version, `PERMIT_NOT_FOUND`, and what the machine does.
  func change(
    _ transaction: Transaction, _ order: PermitOrder, _ prepared: PreparedChange?, _ stamp: Stamp
  ) throws -> ChangedPermit {
    let permit = try self.permit(transaction, order)
    let events = try self.decide(transaction, permit, order, at: stamp.now)
    let isMadeAnew = events.contains(where: \.makesCertificate)
    if isMadeAnew, prepared?.version != permit.version { throw PreparedInVain() }
    let certificate = isMadeAnew ? prepared?.certificate : nil
    let isTold = events.contains { PermitTexts(telling: $0) != nil }
    let recipient =
      isTold || events.contains(where: PermitReminders.follow)
      ? try self.recipient(transaction, of: permit, after: order.changes) : nil
    let steps = try Step<Permit, PermitStep>.chain(from: permit, through: events.indices) {
      permit, index in
      var beside = PermitStep.Beside(detail: order.detail)
      // A move that rides along with an endorsement makes one certificate with it.
      if index == events.indices.last {
        beside.certificate = certificate
        beside.phone = order.changes.phone
      }
      return try self.step(from: permit, events[index], beside, telling: recipient, stamp)
    }
    try self.permits.write(transaction, steps, stamp)
    let after = steps.last?.after ?? permit
    return ChangedPermit(
      permit: after, signed: try self.permits.signedDocument(transaction, of: after.id),
      events: events, isUntold: isTold && recipient == nil)
  }

  /// What an order comes to. Throws what the machine does, and `PERMIT_ALREADY_LIVE` where a
  /// cancellation is to fall of a holder who has another permit by now, and what was reported of
  /// him that stands against it.
  private func decide(
    _ snapshot: Snapshot, _ permit: Permit, _ order: PermitOrder, at now: Timestamp
  ) throws -> [PermitEvent] {
    let events = try self.machine.decide(permit, order.command, now: now)
    if events.contains(.reinstated),
      let live = try self.permits.otherLive(snapshot, than: permit.id)
    {
      throw ServiceError(.permitAlreadyLive, metadata: ["certificate_identifier": live])
    }
    if events.contains(.reinstated),
      let holder = try self.permits.person(snapshot, of: permit.id)
    {
      try self.persons.events.facts(snapshot, of: holder).checkMayHold(
        permitIn: permit.divisionCode, self.machine.policy.divisions)
    }
    return events
  }

  /// One event of a permit, with the text to the holder and the reminders to come.
  func step(
    from permit: Permit, _ event: PermitEvent, _ beside: PermitStep.Beside,
    telling recipient: PermitTexts.Recipient?, _ stamp: Stamp
  ) throws -> Step<Permit, PermitStep> {
    var next = permit.applying(event, at: stamp.now)
    if let certificate = beside.certificate { next.take(certificate) }
    let text = try recipient.flatMap {
      try PermitTexts(telling: event)?.message(of: next, to: $0)
    }
    let reminders =
      PermitReminders.follow(event)
      ? try PermitReminders.message(
        from: permit, to: next, for: recipient, self.machine.policy, at: stamp.now) : nil
    return Step(
      from: permit, to: next, .changed(event, beside),
      telling: [text, reminders].compactMap(\.self))
  }

  private func permit(_ snapshot: Snapshot, _ order: PermitOrder) throws -> Permit {
    let found = try self.permits.find(
      snapshot, identifier: order.certificateIdentifier, within: .everything)
    guard let found else { throw ServiceError(.permitNotFound) }
    return found
  }

  /// Whom the texts of a permit go to; nil where what is kept names nobody who could be told, which
  /// stops no step.
  func recipient(
    _ snapshot: Snapshot, of permit: Permit, after changes: FaceChanges = FaceChanges()
  ) throws -> PermitTexts.Recipient? {
    let document = try self.permits.signedDocument(snapshot, of: permit.id).document
    let kept = try self.permits.phone(snapshot, of: permit.id)
    guard let name = PermitDocument.holderName(canonicalBytes: document),
      case .success(let phone) = PhoneNumber.check(kept)
    else { return nil }
    return PermitTexts.Recipient(
      maskedName: changes.holder?.name.masked ?? PersonName.masked(name),
      phone: changes.phone ?? phone)
  }
}

extension Permit {
  /// Takes its next certificate.
  fileprivate mutating func take(_ certificate: SignedCertificate) {
    self.previousIdentifier = self.certificateIdentifier
    self.certificateIdentifier = certificate.identifier
    self.keyID = certificate.keyID
  }
}

extension PermitOrder {
  /// On what it rests, for the history.
  fileprivate var detail: String {
    let order = self.order
    var parts = ["decided \(order.decidedOn.iso)", "policy \(order.policyVersion)"]
    if !order.applicationID.isEmpty { parts.append("application \(order.applicationID)") }
    if !order.caseID.isEmpty { parts.append("case \(order.caseID)") }
    if !self.order.reason.isEmpty { parts.append(self.order.reason) }
    if let proof = self.changes.proofSHA256 {
      parts.append("proof \(proof.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())")
    }
    return parts.joined(separator: "; ")
  }
}
