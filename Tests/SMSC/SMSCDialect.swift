import DomainModel
import NotificationGateways

/// How the simulated SMSC says things in one protocol.
protocol SMSCDialect: Sendable {
  static var headerBytes: Int { get }
  static var frameBytesMax: Int { get }
  func read(_ frame: ArraySlice<UInt8>, _ account: SMSCAccount) throws -> SMSCSignal
  func submitAnswer(_ submit: SMSCSubmit, id: UInt64, _ answer: SMSCScript.Answer) -> [UInt8]
  func receipt(_ receipt: SMSCReceipt, sequence: UInt32) -> [UInt8]
  /// A text that somebody has sent from a handset.
  func text(_ text: String, from phone: String, sequence: UInt32) -> [UInt8]
}

/// Who is let in, and how ids are written.
public struct SMSCAccount: Hashable, Sendable {
  /// The account.
  public var name: String
  /// Its password or secret.
  public var secret: String
  /// Whether a message's id is hexadecimal in answers and decimal in receipts (SMPP).
  public var hasTwoKindsOfIDs = false

  /// An account.
  public init(name: String, secret: String) {
    self.name = name
    self.secret = secret
  }
}

/// What a client says.
enum SMSCSignal {
  case login(isLetIn: Bool, answer: [UInt8])
  case submit(SMSCSubmit)
  /// The answer to a receipt: whether the client has it.
  case receiptAnswer(sequence: UInt32, isKept: Bool)
  case request(answer: [UInt8])
  case farewell(answer: [UInt8])
  case nothing
}

/// A short message that came in.
struct SMSCSubmit {
  let sequence: UInt32
  let phone: String
  /// With its header, if it has one.
  let text: [UInt8]
  let hasHeader: Bool
  let wantsReceipt: Bool
}

/// A receipt that is to go out.
struct SMSCReceipt: Sendable {
  let id: UInt64
  let phone: String
  /// `DELIVRD`, `EXPIRED`, `UNDELIV`.
  let state: String
  let at: Timestamp
}

struct SMPPServerSide: SMSCDialect {
  static let headerBytes = SMPPPDU.headerBytes
  static let frameBytesMax = SMPPPDU.frameBytesMax
  let account: SMSCAccount

  func read(_ frame: ArraySlice<UInt8>, _ account: SMSCAccount) throws -> SMSCSignal {
    let pdu = try SMPPPDU(frame: frame)
    switch pdu.body {
    case .bind(let bind):
      let isLetIn = bind.system == account.name && bind.password == account.secret
      let answer = SMPPPDU(
        .bindAnswer(bind.mode, system: isLetIn ? "anju-smsc" : nil, []), sequence: pdu.sequence,
        status: isLetIn ? .ok : .invalidPassword)
      return .login(isLetIn: isLetIn, answer: answer.bytes)
    case .submit(let message):
      let hasHeader = message.kind & SMPPShortMessage.hasHeader != 0
      return .submit(
        SMSCSubmit(
          sequence: pdu.sequence, phone: message.destination.text, text: message.text,
          hasHeader: hasHeader, wantsReceipt: message.registered & 1 == 1))
    case .deliverAnswer, .dataAnswer:
      return .receiptAnswer(sequence: pdu.sequence, isKept: pdu.status == .ok)
    case .enquireLink:
      return .request(answer: SMPPPDU(.enquireLinkAnswer, sequence: pdu.sequence).bytes)
    case .unbind: return .farewell(answer: SMPPPDU(.unbindAnswer, sequence: pdu.sequence).bytes)
    default: return .nothing
    }
  }

  func submitAnswer(_ submit: SMSCSubmit, id: UInt64, _ answer: SMSCScript.Answer) -> [UInt8] {
    let status: SMPPStatus =
      switch answer {
      case .throttle: .throttled
      case .full: .queueFull
      case .error(let number): SMPPStatus(rawValue: number)
      case .ok, .none, .close, .garbage: .ok
      }
    let text = String(id, radix: self.account.hasTwoKindsOfIDs ? 16 : 10, uppercase: true)
    return SMPPPDU(
      .submitAnswer(id: status == .ok ? text : nil, []), sequence: submit.sequence, status: status
    ).bytes
  }

  func receipt(_ receipt: SMSCReceipt, sequence: UInt32) -> [UInt8] {
    let time = CarrierTime.digits(receipt.at).prefix(10)
    let delivered = receipt.state == "DELIVRD" ? "001" : "000"
    var message = SMPPShortMessage()
    message.kind = SMPPShortMessage.isReceipt
    message.source = SMPPAddress(receipt.phone, kind: 1, plan: 1)
    message.text = Array(
      "id:\(receipt.id) sub:001 dlvrd:\(delivered) submit date:\(time) done date:\(time) stat:\(receipt.state) err:000 text:"
        .utf8)
    return SMPPPDU(.deliver(message), sequence: sequence).bytes
  }

  func text(_ text: String, from phone: String, sequence: UInt32) -> [UInt8] {
    var message = SMPPShortMessage()
    message.source = SMPPAddress(phone, kind: 1, plan: 1)
    message.coding = SMPPShortMessage.ucs2
    message.text = OutgoingSegment.ucs2(text)
    return SMPPPDU(.deliver(message), sequence: sequence).bytes
  }
}

struct CMPPServerSide: SMSCDialect {
  static let headerBytes = CMPPPDU.headerBytes
  static let frameBytesMax = CMPPPDU.frameBytesMax
  let version: CMPPVersion

  func read(_ frame: ArraySlice<UInt8>, _ account: SMSCAccount) throws -> SMSCSignal {
    let pdu = try CMPPPDU(frame: frame, self.version)
    switch pdu.body {
    case .connect(let connect):
      let proof = try CMPPAuthenticator.source(
        account: account.name, secret: account.secret, time: connect.time)
      let status: UInt32 = connect.account == account.name && connect.authenticator == proof ? 0 : 3
      let answer = try CMPPAuthenticator.gateway(
        status: status, source: connect.authenticator, secret: account.secret,
        self.version)
      let body = CMPPPDU.Body.connectAnswer(
        status: status, authenticator: answer, version: self.version.rawValue)
      return .login(
        isLetIn: status == 0, answer: CMPPPDU(body, sequence: pdu.sequence).bytes(self.version))
    case .submit(let message):
      return .submit(
        SMSCSubmit(
          sequence: pdu.sequence, phone: message.receivers.first ?? "", text: message.text,
          hasHeader: message.hasHeader == 1, wantsReceipt: message.registered == 1))
    case .deliverAnswer(_, let result):
      return .receiptAnswer(sequence: pdu.sequence, isKept: result == .ok)
    case .activeTest:
      return .request(
        answer: CMPPPDU(.activeTestAnswer, sequence: pdu.sequence).bytes(self.version))
    case .terminate:
      return .farewell(
        answer: CMPPPDU(.terminateAnswer, sequence: pdu.sequence).bytes(self.version))
    default: return .nothing
    }
  }

  func submitAnswer(_ submit: SMSCSubmit, id: UInt64, _ answer: SMSCScript.Answer) -> [UInt8] {
    let result: CMPPResult =
      switch answer {
      case .throttle, .full: .throttled
      case .error(let number): CMPPResult(rawValue: number)
      case .ok, .none, .close, .garbage: .ok
      }
    return CMPPPDU(.submitAnswer(id: id, result), sequence: submit.sequence).bytes(self.version)
  }

  func receipt(_ receipt: SMSCReceipt, sequence: UInt32) -> [UInt8] {
    let time = String(CarrierTime.digits(receipt.at).prefix(10))
    let report = CMPPReport(
      id: receipt.id, state: receipt.state, submittedAt: time, doneAt: time,
      handset: receipt.phone)
    var message = CMPPDeliver()
    message.id = receipt.id
    message.source = receipt.phone
    message.isReport = 1
    message.content = report.content(self.version)
    return CMPPPDU(.deliver(message), sequence: sequence).bytes(self.version)
  }

  func text(_ text: String, from phone: String, sequence: UInt32) -> [UInt8] {
    var message = CMPPDeliver()
    message.source = phone
    message.format = CMPPSubmit.ucs2
    message.content = OutgoingSegment.ucs2(text)
    return CMPPPDU(.deliver(message), sequence: sequence).bytes(self.version)
  }
}
