import NotificationGateways
import TestSupport

// Any PDU there can be: fields of every length, bytes of every value.

extension SeededRandom {
  fileprivate func text(_ max: Int) -> String {
    let count = Int(self.next() % UInt64(max + 1))
    return String(latin1: self.bytes(count).map { $0 == 0 ? 1 : $0 })
  }

  fileprivate func some(_ max: Int) -> [UInt8] { self.bytes(Int(self.next() % UInt64(max + 1))) }
  fileprivate func byte() -> UInt8 { UInt8(truncatingIfNeeded: self.next()) }

  fileprivate func address(_ max: Int) -> SMPPAddress {
    SMPPAddress(self.text(max), kind: self.byte(), plan: self.byte())
  }

  fileprivate func options() -> [SMPPOption] {
    (0..<(self.next() % 4)).map { _ in
      SMPPOption(UInt16(truncatingIfNeeded: self.next()), self.some(40))
    }
  }
}

extension SMPPPDU {
  static func sample(_ random: inout SeededRandom) -> SMPPPDU {
    let bodies = Self.bodies(random)
    return SMPPPDU(
      bodies[Int(random.next() % UInt64(bodies.count))],
      sequence: UInt32(truncatingIfNeeded: random.next()),
      status: SMPPStatus(rawValue: UInt32(truncatingIfNeeded: random.next())))
  }

  private static func bodies(_ random: SeededRandom) -> [Body] {
    let mode = SMPPBind.Mode.allCases[Int(random.next() % 3)]
    var bind = SMPPBind(
      mode: mode, system: random.text(15), password: random.text(8), systemType: random.text(12))
    bind.range = random.address(40)
    return [
      .genericNack, .bind(bind), .bindAnswer(mode, system: nil, []),
      .bindAnswer(mode, system: random.text(15), random.options()), .submit(Self.message(random)),
      .submitAnswer(id: nil, []), .submitAnswer(id: random.text(64), random.options()),
      .deliver(Self.message(random)), .deliverAnswer(id: random.text(64)), .unbind, .unbindAnswer,
      .outbind(system: random.text(15), password: random.text(8)), .enquireLink,
      .enquireLinkAnswer,
      .alertNotification(
        source: random.address(64), esme: random.address(64), random.options()),
      .data(Self.data(random)), .dataAnswer(id: random.text(64), random.options()),
    ]
  }

  private static func message(_ random: SeededRandom) -> SMPPShortMessage {
    var message = SMPPShortMessage()
    message.serviceType = random.text(5)
    message.source = random.address(20)
    message.destination = random.address(20)
    message.kind = random.byte()
    message.protocolID = random.byte()
    message.priority = random.byte()
    message.schedule = random.text(16)
    message.validity = random.text(16)
    message.registered = random.byte()
    message.replaces = random.byte()
    message.coding = random.byte()
    message.template = random.byte()
    message.text = random.some(254)
    message.options = random.options()
    return message
  }

  private static func data(_ random: SeededRandom) -> SMPPDataMessage {
    var message = SMPPDataMessage()
    message.serviceType = random.text(5)
    message.source = random.address(64)
    message.destination = random.address(64)
    message.kind = random.byte()
    message.registered = random.byte()
    message.coding = random.byte()
    message.options = random.options()
    return message
  }
}

extension CMPPPDU {
  static func sample(_ random: inout SeededRandom, _ version: CMPPVersion) -> CMPPPDU {
    // 2.0 has one byte for a result.
    let result = UInt32(truncatingIfNeeded: random.next()) & (version == .v2 ? 0xFF : .max)
    let bodies: [Body] = [
      .connect(
        CMPPConnect(
          account: random.text(6), authenticator: random.bytes(16),
          time: UInt32(truncatingIfNeeded: random.next()), version: random.byte())),
      .connectAnswer(
        status: result, authenticator: random.bytes(16), version: random.byte()),
      .terminate, .terminateAnswer, .submit(Self.submit(random, version)),
      .submitAnswer(id: random.next(), CMPPResult(rawValue: result)),
      .deliver(Self.deliver(random, version)),
      .deliverAnswer(id: random.next(), CMPPResult(rawValue: result)),
      .activeTest, .activeTestAnswer,
    ]
    return CMPPPDU(
      bodies[Int(random.next() % UInt64(bodies.count))],
      sequence: UInt32(truncatingIfNeeded: random.next()))
  }

  private static func submit(_ random: SeededRandom, _ version: CMPPVersion) -> CMPPSubmit {
    var message = CMPPSubmit()
    message.id = random.next()
    message.segments = random.byte()
    message.segment = random.byte()
    message.registered = random.byte()
    message.level = random.byte()
    message.service = random.text(10)
    message.feeParty = random.byte()
    message.feeNumber = random.text(21)
    if version == .v3 {
      message.feeNumberKind = random.byte()
      message.receiverKind = random.byte()
    }
    message.protocolID = random.byte()
    message.hasHeader = random.byte()
    message.format = random.byte()
    message.account = random.text(6)
    message.feeKind = random.text(2)
    message.fee = random.text(6)
    message.validity = random.text(17)
    message.schedule = random.text(17)
    message.source = random.text(21)
    message.receivers = (0..<(random.next() % 100)).map { _ in random.text(21) }
    message.text = random.some(255)
    return message
  }

  private static func deliver(_ random: SeededRandom, _ version: CMPPVersion) -> CMPPDeliver {
    var message = CMPPDeliver()
    message.id = random.next()
    message.destination = random.text(21)
    message.service = random.text(10)
    message.protocolID = random.byte()
    message.hasHeader = random.byte()
    message.format = random.byte()
    message.source = random.text(21)
    if version == .v3 { message.sourceKind = random.byte() }
    message.isReport = random.byte()
    message.content = random.some(255)
    return message
  }
}
