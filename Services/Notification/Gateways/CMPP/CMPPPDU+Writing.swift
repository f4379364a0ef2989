extension CMPPPDU {
  /// The PDU as it stands on the wire. Texts that are longer than their fields are cut.
  package func bytes(_ version: CMPPVersion) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(320)
    bytes.append(number: 0 as UInt32)
    bytes.append(number: self.body.command.rawValue)
    bytes.append(number: self.sequence)
    self.body.write(to: &bytes, version)
    bytes.setLength()
    return bytes
  }
}

extension CMPPPDU.Body {
  /// The command that says what the fields are.
  package var command: CMPPCommand {
    switch self {
    case .connect: .connect
    case .connectAnswer: .connectAnswer
    case .terminate: .terminate
    case .terminateAnswer: .terminateAnswer
    case .submit: .submit
    case .submitAnswer: .submitAnswer
    case .deliver: .deliver
    case .deliverAnswer: .deliverAnswer
    case .activeTest: .activeTest
    case .activeTestAnswer: .activeTestAnswer
    }
  }

  fileprivate func write(to bytes: inout [UInt8], _ version: CMPPVersion) {
    switch self {
    case .terminate, .terminateAnswer, .activeTest: break
    case .connect(let connect): connect.write(to: &bytes)
    case .connectAnswer(let status, let authenticator, let highest):
      bytes.append(result: status, version)
      bytes.append(exactly: 16, of: authenticator)
      bytes.append(highest)
    case .submit(let message): message.write(to: &bytes, version)
    case .submitAnswer(let id, let result), .deliverAnswer(let id, let result):
      bytes.append(number: id)
      bytes.append(result: result.rawValue, version)
    case .deliver(let message): message.write(to: &bytes, version)
    case .activeTestAnswer: bytes.append(0)
    }
  }
}

extension CMPPConnect {
  fileprivate func write(to bytes: inout [UInt8]) {
    bytes.append(padded: self.account, 6)
    bytes.append(exactly: 16, of: self.authenticator)
    bytes.append(self.version)
    bytes.append(number: self.time)
  }
}

extension CMPPSubmit {
  fileprivate func write(to bytes: inout [UInt8], _ version: CMPPVersion) {
    bytes.append(number: self.id)
    bytes += [self.segments, self.segment, self.registered, self.level]
    bytes.append(padded: self.service, 10)
    bytes.append(self.feeParty)
    bytes.append(padded: self.feeNumber, version.numberBytes)
    if version == .v3 { bytes.append(self.feeNumberKind) }
    bytes += [self.protocolID, self.hasHeader, self.format]
    bytes.append(padded: self.account, 6)
    bytes.append(padded: self.feeKind, 2)
    bytes.append(padded: self.fee, 6)
    bytes.append(padded: self.validity, 17)
    bytes.append(padded: self.schedule, 17)
    bytes.append(padded: self.source, 21)
    let receivers = self.receivers.prefix(Self.receiversMax)
    bytes.append(UInt8(receivers.count))
    for receiver in receivers { bytes.append(padded: receiver, version.numberBytes) }
    if version == .v3 { bytes.append(self.receiverKind) }
    bytes.append(counted: self.text)
    bytes.append(exactly: version.tailBytes, of: [])
  }
}

extension CMPPDeliver {
  fileprivate func write(to bytes: inout [UInt8], _ version: CMPPVersion) {
    bytes.append(number: self.id)
    bytes.append(padded: self.destination, 21)
    bytes.append(padded: self.service, 10)
    bytes += [self.protocolID, self.hasHeader, self.format]
    bytes.append(padded: self.source, version.numberBytes)
    if version == .v3 { bytes.append(self.sourceKind) }
    bytes.append(self.isReport)
    bytes.append(counted: self.content)
    bytes.append(exactly: version.tailBytes, of: [])
  }
}

extension CMPPReport {
  /// The content of a report.
  package func content(_ version: CMPPVersion) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(number: self.id)
    bytes.append(padded: self.state, 7)
    bytes.append(padded: self.submittedAt, 10)
    bytes.append(padded: self.doneAt, 10)
    bytes.append(padded: self.handset, version.numberBytes)
    bytes.append(number: self.smscSequence)
    return bytes
  }
}

extension [UInt8] {
  /// So many bytes: cut, or filled up with zeroes.
  fileprivate mutating func append(exactly count: Int, of bytes: [UInt8]) {
    let kept = bytes.prefix(count)
    self += kept
    self += [UInt8](repeating: 0, count: count - kept.count)
  }

  /// A result: one byte in 2.0, which says 255 for what does not fit; four in 3.0.
  fileprivate mutating func append(result: UInt32, _ version: CMPPVersion) {
    switch version {
    case .v2: self.append(UInt8(clamping: result))
    case .v3: self.append(number: result)
    }
  }

  /// At most 255 bytes, their count before them.
  fileprivate mutating func append(counted bytes: [UInt8]) {
    let kept = bytes.prefix(255)
    self.append(UInt8(kept.count))
    self += kept
  }
}
