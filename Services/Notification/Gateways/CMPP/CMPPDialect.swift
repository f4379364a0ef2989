package import DomainModel

/// What a provider has agreed with us about CMPP.
package struct CMPPAccount: Hashable, Sendable {
  /// The account, `SP_Id`: six digits.
  package var account: String
  /// What proves that it is ours.
  package var secret: String
  /// The number that messages come from, `Src_Id`.
  package var source: String
  /// The service, `Service_Id`: at most ten bytes.
  package var service = ""
  /// Which version the gateway speaks.
  package var version = CMPPVersion.v2

  /// An account.
  package init(account: String, secret: String, source: String) {
    self.account = account
    self.secret = secret
    self.source = source
  }
}

/// CMPP as a session speaks it: one receiver a submit, UCS-2, with a report, free of charge for
/// the receiver.
package struct CMPPDialect: CarrierDialect {
  package static let headerBytes = CMPPPDU.headerBytes
  package static let frameBytesMax = CMPPPDU.frameBytesMax
  package static let sequenceMax = UInt32.max

  private let account: CMPPAccount
  /// What the gateway's proof is over.
  private var authenticator: [UInt8] = []

  /// The dialect of an account.
  package init(_ account: CMPPAccount) {
    self.account = account
  }

  package mutating func login(sequence: UInt32, now: Timestamp) throws -> [UInt8] {
    let time = CMPPAuthenticator.time(now)
    self.authenticator = try CMPPAuthenticator.source(
      account: self.account.account, secret: self.account.secret, time: time)
    let connect = CMPPConnect(
      account: self.account.account, authenticator: self.authenticator, time: time,
      version: self.account.version.rawValue)
    return CMPPPDU(.connect(connect), sequence: sequence).bytes(self.account.version)
  }

  package func submit(_ segment: OutgoingSegment, sequence: UInt32) -> [UInt8] {
    var message = CMPPSubmit()
    message.segments = segment.count
    message.segment = segment.number
    message.registered = 1
    message.service = self.account.service
    // The account pays; `01`: the receiver pays nothing.
    message.feeParty = 2
    message.feeKind = "01"
    message.fee = "000000"
    message.hasHeader = segment.hasHeader ? 1 : 0
    message.format = CMPPSubmit.ucs2
    message.account = self.account.account
    message.validity = segment.expiresAt.map(CarrierTime.absolute) ?? ""
    message.source = self.account.source
    message.receivers = [segment.phone.text]
    message.text = segment.text
    return CMPPPDU(.submit(message), sequence: sequence).bytes(self.account.version)
  }

  package func probe(sequence: UInt32) -> [UInt8] {
    CMPPPDU(.activeTest, sequence: sequence).bytes(self.account.version)
  }

  package func farewell(sequence: UInt32) -> [UInt8] {
    CMPPPDU(.terminate, sequence: sequence).bytes(self.account.version)
  }

  package func complaint(_ fault: PDUFault, frame: ArraySlice<UInt8>?) -> [UInt8]? { nil }

  package func read(_ frame: ArraySlice<UInt8>) throws(PDUFault) -> CarrierSignal {
    let pdu = try CMPPPDU(frame: frame, self.account.version)
    switch pdu.body {
    case .connectAnswer(let status, let proof, _): return self.verdict(status, proof)
    case .submitAnswer(let id, let result):
      let answer = result == .ok ? SegmentAnswer.taken(id: String(id)) : result.answer
      return .answered(sequence: pdu.sequence, answer)
    case .deliver(let message):
      let receipt = message.isReport == 1 ? try self.receipt(message.content) : nil
      return .delivery(
        CarrierDelivery(sequence: pdu.sequence, echo: message.id, receipt: receipt))
    case .activeTest:
      return .request(
        answer: CMPPPDU(.activeTestAnswer, sequence: pdu.sequence).bytes(self.account.version))
    case .terminate:
      return .farewell(
        answer: CMPPPDU(.terminateAnswer, sequence: pdu.sequence).bytes(self.account.version))
    case .terminateAnswer: return .farewellAnswered
    case .activeTestAnswer: return .nothing
    case .connect, .submit, .deliverAnswer: throw .commandUnknown
    }
  }

  /// The gateway proves that it knows the secret too; one that does not is none of ours.
  private func verdict(_ status: UInt32, _ proof: [UInt8]) -> CarrierSignal {
    guard status == 0 else { return .loginRefused(code: "CMPP_CONNECT_\(status)") }
    let expected = try? CMPPAuthenticator.gateway(
      status: status, source: self.authenticator, secret: self.account.secret,
      self.account.version)
    return proof == expected ? .welcome : .loginRefused(code: "CMPP_GATEWAY_UNPROVED")
  }

  /// No answer where it is not kept: the gateway brings it again after T. A result other than 0
  /// might count as its end.
  package func answer(_ delivery: CarrierDelivery, isKept: Bool) -> [UInt8]? {
    guard isKept else { return nil }
    return CMPPPDU(.deliverAnswer(id: delivery.echo, .ok), sequence: delivery.sequence)
      .bytes(self.account.version)
  }

  private func receipt(_ content: [UInt8]) throws(PDUFault) -> CarrierReceipt {
    let report = try CMPPReport(content: content, self.account.version)
    return CarrierReceipt(
      id: String(report.id), state: Self.state(report.state), code: report.state,
      at: CarrierTime.instant(report.doneAt))
  }

  /// Besides the words of the protocol networks write codes of their own, such as `MK:0001`; each
  /// of them is a failure.
  private static func state(_ word: String) -> ReceiptState {
    switch word {
    case "DELIVRD": .delivered
    case "EXPIRED": .expired
    case "ACCEPTD": .underWay
    case "UNKNOWN": .unknown
    default: .failed
    }
  }
}

extension CMPPResult {
  /// A result other than 0 as a session takes it.
  fileprivate var answer: SegmentAnswer {
    .refused(code: "CMPP_\(self.rawValue)", self.refusal)
  }

  /// What it means for the message.
  package var refusal: SegmentRefusal {
    switch self {
    case .structure, .command, .length, .fee, .tooLong, .service: .forGood
    case .duplicateSequence: .repeated
    case .throttled: .throttled
    default: .forNow
    }
  }
}
