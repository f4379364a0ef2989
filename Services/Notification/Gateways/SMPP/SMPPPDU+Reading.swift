extension SMPPPDU {
  /// Reads one whole PDU, as `FrameBuffer` hands it over.
  package init(frame: ArraySlice<UInt8>) throws(PDUFault) {
    var reader = PDUReader(frame)
    _ = try reader.word()
    guard let command = SMPPCommand(rawValue: try reader.word()) else { throw .commandUnknown }
    self.status = SMPPStatus(rawValue: try reader.word())
    self.sequence = try reader.word()
    self.body = try Self.body(of: command, &reader)
    try reader.end()
  }

  private static func body(
    of command: SMPPCommand, _ reader: inout PDUReader
  ) throws(PDUFault) -> Body {
    switch command {
    case .genericNack: return .genericNack
    case .bindReceiver: return .bind(try SMPPBind(.receiver, &reader))
    case .bindTransmitter: return .bind(try SMPPBind(.transmitter, &reader))
    case .bindTransceiver: return .bind(try SMPPBind(.transceiver, &reader))
    case .bindReceiverAnswer: return try Self.bindAnswer(.receiver, &reader)
    case .bindTransmitterAnswer: return try Self.bindAnswer(.transmitter, &reader)
    case .bindTransceiverAnswer: return try Self.bindAnswer(.transceiver, &reader)
    case .submit: return .submit(try SMPPShortMessage(&reader))
    case .submitAnswer:
      let id = try Self.id(&reader)
      return .submitAnswer(id: id, try Self.options(&reader))
    case .deliver: return .deliver(try SMPPShortMessage(&reader))
    case .deliverAnswer: return .deliverAnswer(id: try reader.terminatedText(65))
    case .unbind: return .unbind
    case .unbindAnswer: return .unbindAnswer
    case .outbind:
      let system = try reader.terminatedText(16)
      return .outbind(system: system, password: try reader.terminatedText(9))
    case .enquireLink: return .enquireLink
    case .enquireLinkAnswer: return .enquireLinkAnswer
    case .alertNotification:
      let source = try SMPPAddress(&reader, textMax: 65)
      let esme = try SMPPAddress(&reader, textMax: 65)
      return .alertNotification(source: source, esme: esme, try Self.options(&reader))
    case .data: return .data(try SMPPDataMessage(&reader))
    case .dataAnswer:
      let id = try Self.id(&reader)
      return .dataAnswer(id: id, try Self.options(&reader))
    }
  }

  private static func bindAnswer(
    _ mode: SMPPBind.Mode, _ reader: inout PDUReader
  ) throws(PDUFault) -> Body {
    let system = reader.count == 0 ? nil : try reader.terminatedText(16)
    return .bindAnswer(mode, system: system, try Self.options(&reader))
  }

  private static func id(_ reader: inout PDUReader) throws(PDUFault) -> String? {
    reader.count == 0 ? nil : try reader.terminatedText(65)
  }

  /// Whatever is left: optional parameters, known or not.
  fileprivate static func options(_ reader: inout PDUReader) throws(PDUFault) -> [SMPPOption] {
    var options: [SMPPOption] = []
    while reader.count > 0 {
      let tag = try reader.short()
      let length = try reader.short()
      options.append(SMPPOption(tag, Array(try reader.bytes(Int(length)))))
    }
    return options
  }
}

extension SMPPAddress {
  fileprivate init(_ reader: inout PDUReader, textMax: Int) throws(PDUFault) {
    self.kind = try reader.byte()
    self.plan = try reader.byte()
    self.text = try reader.terminatedText(textMax)
  }
}

extension SMPPBind {
  fileprivate init(_ mode: Mode, _ reader: inout PDUReader) throws(PDUFault) {
    self.mode = mode
    self.system = try reader.terminatedText(16)
    self.password = try reader.terminatedText(9)
    self.systemType = try reader.terminatedText(13)
    self.version = try reader.byte()
    self.range = try SMPPAddress(&reader, textMax: 41)
  }
}

extension SMPPShortMessage {
  fileprivate init(_ reader: inout PDUReader) throws(PDUFault) {
    self.serviceType = try reader.terminatedText(6)
    self.source = try SMPPAddress(&reader, textMax: 21)
    self.destination = try SMPPAddress(&reader, textMax: 21)
    self.kind = try reader.byte()
    self.protocolID = try reader.byte()
    self.priority = try reader.byte()
    self.schedule = try reader.terminatedText(17)
    self.validity = try reader.terminatedText(17)
    self.registered = try reader.byte()
    self.replaces = try reader.byte()
    self.coding = try reader.byte()
    self.template = try reader.byte()
    let length = try reader.byte()
    guard length <= Self.textBytesMax else { throw .textTooLong }
    self.text = Array(try reader.bytes(Int(length)))
    self.options = try SMPPPDU.options(&reader)
  }
}

extension SMPPDataMessage {
  fileprivate init(_ reader: inout PDUReader) throws(PDUFault) {
    self.serviceType = try reader.terminatedText(6)
    self.source = try SMPPAddress(&reader, textMax: 65)
    self.destination = try SMPPAddress(&reader, textMax: 65)
    self.kind = try reader.byte()
    self.registered = try reader.byte()
    self.coding = try reader.byte()
    self.options = try SMPPPDU.options(&reader)
  }
}
