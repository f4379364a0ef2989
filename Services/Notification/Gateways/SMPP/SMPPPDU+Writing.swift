extension SMPPPDU {
  /// The PDU as it stands on the wire. Texts that are longer than their fields are cut.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    bytes.append(number: 0 as UInt32)
    bytes.append(number: self.body.command.rawValue)
    bytes.append(number: self.status.rawValue)
    bytes.append(number: self.sequence)
    self.body.write(to: &bytes)
    bytes.setLength()
    return bytes
  }
}

extension SMPPPDU.Body {
  /// The command that says what the fields are.
  package var command: SMPPCommand {
    switch self {
    case .genericNack: .genericNack
    case .bind(let bind): bind.mode.command
    case .bindAnswer(let mode, _, _): mode.answer
    case .submit: .submit
    case .submitAnswer: .submitAnswer
    case .deliver: .deliver
    case .deliverAnswer: .deliverAnswer
    case .unbind: .unbind
    case .unbindAnswer: .unbindAnswer
    case .outbind: .outbind
    case .enquireLink: .enquireLink
    case .enquireLinkAnswer: .enquireLinkAnswer
    case .alertNotification: .alertNotification
    case .data: .data
    case .dataAnswer: .dataAnswer
    }
  }

  fileprivate func write(to bytes: inout [UInt8]) {
    switch self {
    case .genericNack, .unbind, .unbindAnswer, .enquireLink, .enquireLinkAnswer: break
    case .bind(let bind): bind.write(to: &bytes)
    case .bindAnswer(_, let system, let options):
      if let system { bytes.append(terminated: system, 16) }
      options.write(to: &bytes)
    case .submit(let message), .deliver(let message): message.write(to: &bytes)
    case .submitAnswer(let id, let options), .dataAnswer(let id, let options):
      if let id { bytes.append(terminated: id, 65) }
      options.write(to: &bytes)
    case .deliverAnswer(let id): bytes.append(terminated: id, 65)
    case .outbind(let system, let password):
      bytes.append(terminated: system, 16)
      bytes.append(terminated: password, 9)
    case .alertNotification(let source, let esme, let options):
      source.write(to: &bytes, textMax: 65)
      esme.write(to: &bytes, textMax: 65)
      options.write(to: &bytes)
    case .data(let message): message.write(to: &bytes)
    }
  }
}

extension SMPPBind.Mode {
  fileprivate var command: SMPPCommand {
    switch self {
    case .receiver: .bindReceiver
    case .transmitter: .bindTransmitter
    case .transceiver: .bindTransceiver
    }
  }

  fileprivate var answer: SMPPCommand {
    switch self {
    case .receiver: .bindReceiverAnswer
    case .transmitter: .bindTransmitterAnswer
    case .transceiver: .bindTransceiverAnswer
    }
  }
}

extension SMPPBind {
  fileprivate func write(to bytes: inout [UInt8]) {
    bytes.append(terminated: self.system, 16)
    bytes.append(terminated: self.password, 9)
    bytes.append(terminated: self.systemType, 13)
    bytes.append(self.version)
    self.range.write(to: &bytes, textMax: 41)
  }
}

extension SMPPAddress {
  fileprivate func write(to bytes: inout [UInt8], textMax: Int) {
    bytes += [self.kind, self.plan]
    bytes.append(terminated: self.text, textMax)
  }
}

extension SMPPShortMessage {
  fileprivate func write(to bytes: inout [UInt8]) {
    bytes.append(terminated: self.serviceType, 6)
    self.source.write(to: &bytes, textMax: 21)
    self.destination.write(to: &bytes, textMax: 21)
    bytes += [self.kind, self.protocolID, self.priority]
    bytes.append(terminated: self.schedule, 17)
    bytes.append(terminated: self.validity, 17)
    bytes += [self.registered, self.replaces, self.coding, self.template]
    let text = self.text.prefix(Self.textBytesMax)
    bytes.append(UInt8(text.count))
    bytes += text
    self.options.write(to: &bytes)
  }
}

extension SMPPDataMessage {
  fileprivate func write(to bytes: inout [UInt8]) {
    bytes.append(terminated: self.serviceType, 6)
    self.source.write(to: &bytes, textMax: 65)
    self.destination.write(to: &bytes, textMax: 65)
    bytes += [self.kind, self.registered, self.coding]
    self.options.write(to: &bytes)
  }
}

extension [SMPPOption] {
  fileprivate func write(to bytes: inout [UInt8]) {
    for option in self {
      let value = option.value.prefix(Int(UInt16.max))
      bytes.append(number: option.tag)
      bytes.append(number: UInt16(value.count))
      bytes += value
    }
  }
}
