extension CMPPPDU {
  /// Reads one whole PDU, as `FrameBuffer` hands it over.
  package init(frame: ArraySlice<UInt8>, _ version: CMPPVersion) throws(PDUFault) {
    var reader = PDUReader(frame)
    _ = try reader.word()
    guard let command = CMPPCommand(rawValue: try reader.word()) else { throw .commandUnknown }
    self.sequence = try reader.word()
    self.body = try Self.body(of: command, &reader, version)
    try reader.end()
  }

  private static func body(
    of command: CMPPCommand, _ reader: inout PDUReader, _ version: CMPPVersion
  ) throws(PDUFault) -> Body {
    switch command {
    case .connect: return .connect(try CMPPConnect(&reader))
    case .connectAnswer:
      let status = try reader.result(version)
      let authenticator = Array(try reader.bytes(16))
      return .connectAnswer(
        status: status, authenticator: authenticator, version: try reader.byte())
    case .terminate: return .terminate
    case .terminateAnswer: return .terminateAnswer
    case .submit: return .submit(try CMPPSubmit(&reader, version))
    case .submitAnswer:
      let id = try reader.long()
      return .submitAnswer(id: id, CMPPResult(rawValue: try reader.result(version)))
    case .deliver: return .deliver(try CMPPDeliver(&reader, version))
    case .deliverAnswer:
      let id = try reader.long()
      return .deliverAnswer(id: id, CMPPResult(rawValue: try reader.result(version)))
    case .activeTest: return .activeTest
    case .activeTestAnswer:
      // One reserved byte, which some gateways leave out.
      if reader.count > 0 { _ = try reader.byte() }
      return .activeTestAnswer
    }
  }
}

extension PDUReader {
  /// A result: one byte in 2.0, four in 3.0.
  fileprivate mutating func result(_ version: CMPPVersion) throws(PDUFault) -> UInt32 {
    version == .v2 ? UInt32(try self.byte()) : try self.word()
  }
}

extension CMPPConnect {
  fileprivate init(_ reader: inout PDUReader) throws(PDUFault) {
    self.account = try reader.paddedText(6)
    self.authenticator = Array(try reader.bytes(16))
    self.version = try reader.byte()
    self.time = try reader.word()
  }
}

extension CMPPSubmit {
  fileprivate init(_ reader: inout PDUReader, _ version: CMPPVersion) throws(PDUFault) {
    self.id = try reader.long()
    self.segments = try reader.byte()
    self.segment = try reader.byte()
    self.registered = try reader.byte()
    self.level = try reader.byte()
    self.service = try reader.paddedText(10)
    self.feeParty = try reader.byte()
    self.feeNumber = try reader.paddedText(version.numberBytes)
    if version == .v3 { self.feeNumberKind = try reader.byte() }
    self.protocolID = try reader.byte()
    self.hasHeader = try reader.byte()
    self.format = try reader.byte()
    self.account = try reader.paddedText(6)
    self.feeKind = try reader.paddedText(2)
    self.fee = try reader.paddedText(6)
    self.validity = try reader.paddedText(17)
    self.schedule = try reader.paddedText(17)
    self.source = try reader.paddedText(21)
    let count = try reader.byte()
    guard count <= Self.receiversMax else { throw .textTooLong }
    for _ in 0..<count { self.receivers.append(try reader.paddedText(version.numberBytes)) }
    if version == .v3 { self.receiverKind = try reader.byte() }
    let length = try reader.byte()
    self.text = Array(try reader.bytes(Int(length)))
    _ = try reader.bytes(version.tailBytes)
  }
}

extension CMPPDeliver {
  fileprivate init(_ reader: inout PDUReader, _ version: CMPPVersion) throws(PDUFault) {
    self.id = try reader.long()
    self.destination = try reader.paddedText(21)
    self.service = try reader.paddedText(10)
    self.protocolID = try reader.byte()
    self.hasHeader = try reader.byte()
    self.format = try reader.byte()
    self.source = try reader.paddedText(version.numberBytes)
    if version == .v3 { self.sourceKind = try reader.byte() }
    self.isReport = try reader.byte()
    let length = try reader.byte()
    self.content = Array(try reader.bytes(Int(length)))
    _ = try reader.bytes(version.tailBytes)
  }
}

extension CMPPReport {
  /// Reads the content of a report.
  package init(content: [UInt8], _ version: CMPPVersion) throws(PDUFault) {
    var reader = PDUReader(content[...])
    self.id = try reader.long()
    self.state = try reader.paddedText(7)
    self.submittedAt = try reader.paddedText(10)
    self.doneAt = try reader.paddedText(10)
    self.handset = try reader.paddedText(version.numberBytes)
    self.smscSequence = try reader.word()
    try reader.end()
  }
}
