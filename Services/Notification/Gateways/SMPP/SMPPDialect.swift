package import DomainModel

/// SMPP 3.4 as a session speaks it: a transceiver that submits UCS-2 and asks for receipts.
package struct SMPPDialect: CarrierDialect {
  package static let headerBytes = SMPPPDU.headerBytes
  package static let frameBytesMax = SMPPPDU.frameBytesMax
  package static let sequenceMax: UInt32 = 0x7FFF_FFFF

  private let account: SMPPAccount

  /// The dialect of an account.
  package init(_ account: SMPPAccount) {
    self.account = account
  }

  package func login(sequence: UInt32, now: Timestamp) -> [UInt8] {
    let bind = SMPPBind(
      mode: .transceiver, system: self.account.system, password: self.account.password,
      systemType: self.account.systemType)
    return SMPPPDU(.bind(bind), sequence: sequence).bytes
  }

  package func submit(_ segment: OutgoingSegment, sequence: UInt32) -> [UInt8] {
    var message = SMPPShortMessage()
    message.serviceType = self.account.serviceType
    message.source = self.account.source
    message.destination = SMPPAddress(
      self.account.numberPrefix + segment.phone.text, kind: self.account.numberKind, plan: 1)
    message.kind = segment.hasHeader ? SMPPShortMessage.hasHeader : 0
    message.validity = segment.expiresAt.map(CarrierTime.absolute) ?? ""
    message.registered = 1
    message.coding = SMPPShortMessage.ucs2
    message.text = segment.text
    return SMPPPDU(.submit(message), sequence: sequence).bytes
  }

  package func probe(sequence: UInt32) -> [UInt8] {
    SMPPPDU(.enquireLink, sequence: sequence).bytes
  }

  package func farewell(sequence: UInt32) -> [UInt8] {
    SMPPPDU(.unbind, sequence: sequence).bytes
  }

  package func complaint(_ fault: PDUFault, frame: ArraySlice<UInt8>?) -> [UInt8]? {
    let status: SMPPStatus = fault == .commandUnknown ? .invalidCommand : .invalidLength
    let sequence = frame.flatMap { frame in
      frame.count < 16 ? nil : frame.dropFirst(12).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
    return SMPPPDU(.genericNack, sequence: sequence ?? 0, status: status).bytes
  }

  package func read(_ frame: ArraySlice<UInt8>) throws(PDUFault) -> CarrierSignal {
    let pdu = try SMPPPDU(frame: frame)
    switch pdu.body {
    case .bindAnswer(.transceiver, _, _):
      return pdu.status == .ok ? .welcome : .loginRefused(code: pdu.status.code)
    case .submitAnswer(let id, _):
      return .answered(sequence: pdu.sequence, self.answer(pdu.status, id: id))
    case .genericNack:
      // Which of our requests it means is in its number; a login or a probe is no segment.
      return .answered(sequence: pdu.sequence, self.refusal(pdu.status))
    case .deliver(let message):
      let receipt = SMPPReceipt.read(
        kind: message.kind, text: message.text, message.options, ids: self.account.ids)
      return self.delivery(pdu.sequence, .deliver, receipt)
    case .data(let message):
      let receipt = SMPPReceipt.read(
        kind: message.kind, text: [], message.options, ids: self.account.ids)
      return self.delivery(pdu.sequence, .data, receipt)
    case .enquireLink:
      return .request(answer: SMPPPDU(.enquireLinkAnswer, sequence: pdu.sequence).bytes)
    case .unbind:
      return .farewell(answer: SMPPPDU(.unbindAnswer, sequence: pdu.sequence).bytes)
    case .unbindAnswer: return .farewellAnswered
    case .enquireLinkAnswer, .alertNotification, .outbind, .dataAnswer: return .nothing
    case .bind, .bindAnswer, .submit, .deliverAnswer: throw .commandUnknown
    }
  }

  package func answer(_ delivery: CarrierDelivery, isKept: Bool) -> [UInt8]? {
    let isData = delivery.echo == UInt64(SMPPCommand.data.rawValue)
    let body: SMPPPDU.Body = isData ? .dataAnswer(id: "", []) : .deliverAnswer(id: "")
    let status: SMPPStatus = isKept ? .ok : .receiverNotNow
    return SMPPPDU(body, sequence: delivery.sequence, status: status).bytes
  }

  private func delivery(
    _ sequence: UInt32, _ command: SMPPCommand, _ receipt: CarrierReceipt?
  ) -> CarrierSignal {
    .delivery(
      CarrierDelivery(sequence: sequence, echo: UInt64(command.rawValue), receipt: receipt))
  }

  private func answer(_ status: SMPPStatus, id: String?) -> SegmentAnswer {
    guard status == .ok else { return self.refusal(status) }
    let id = id.flatMap { $0.isEmpty ? nil : self.account.ids.ofAnswer($0) }
    return .taken(id: id)
  }

  private func refusal(_ status: SMPPStatus) -> SegmentAnswer {
    .refused(code: status.code, status.refusal)
  }
}

extension SMPPStatus {
  /// What is wrong with the message itself, or with what the account may send: the same again does
  /// not help (SMPP 3.4, 5.1.3). Everything else, and what providers have made up, may pass.
  private static let forGood: Set<UInt32> = [
    0x01, 0x02, 0x03, 0x06, 0x07, 0x0A, 0x0B, 0x15, 0x33, 0x34, 0x40, 0x42, 0x43, 0x48, 0x49, 0x50,
    0x51, 0x53, 0x54, 0x55, 0x61, 0x62, 0x63, 0x66, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4,
  ]

  /// The status as the ledger names it, such as `SMPP_00000058`.
  package var code: String {
    let digits = String(self.rawValue, radix: 16, uppercase: true)
    return "SMPP_" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// What it means for the message.
  package var refusal: SegmentRefusal {
    if self == .throttled || self == .queueFull { return .throttled }
    return Self.forGood.contains(self.rawValue) ? .forGood : .forNow
  }
}
