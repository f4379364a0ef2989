/// Which CMPP is spoken. Both say the same; 3.0 has wider numbers and results.
public enum CMPPVersion: UInt8, Hashable, Sendable, CaseIterable {
  /// 2.0, as China Mobile's gateways speak it.
  case v2 = 0x20
  /// 3.0.
  case v3 = 0x30

  /// How many bytes a handset's number has.
  var numberBytes: Int { self == .v2 ? 21 : 32 }
  /// How many bytes end a message: reserved in 2.0, `LinkID` in 3.0.
  var tailBytes: Int { self == .v2 ? 8 : 20 }
}

/// One PDU of CMPP, as China Mobile's gateways speak it: its header and its fields. What is read is
/// written as bytes that mean the same.
package struct CMPPPDU: Hashable, Sendable {
  /// How many bytes a header has (7.1).
  package static let headerBytes = 12
  /// The longest PDU that is taken: a submit to 99 receivers has some 3,500 bytes.
  package static let frameBytesMax = 4_096

  /// What it is, with its fields.
  package enum Body: Hashable, Sendable {
    case connect(CMPPConnect)
    /// Status 0: connected; 1 structure, 2 source address, 3 authentication, 4 version, 5 other.
    case connectAnswer(status: UInt32, authenticator: [UInt8], version: UInt8)
    case terminate
    case terminateAnswer
    case submit(CMPPSubmit)
    case submitAnswer(id: UInt64, CMPPResult)
    case deliver(CMPPDeliver)
    case deliverAnswer(id: UInt64, CMPPResult)
    case activeTest
    case activeTestAnswer
  }

  /// The same in a request and its answer.
  package var sequence: UInt32
  /// The fields.
  package var body: Body

  /// A PDU.
  package init(_ body: Body, sequence: UInt32) {
    self.sequence = sequence
    self.body = body
  }
}

/// A request to be let in (7.4.1.1).
package struct CMPPConnect: Hashable, Sendable {
  /// The account, `SP_Id`: six bytes.
  package var account: String
  /// What proves that the secret is known, 16 bytes; see `CMPPAuthenticator`.
  package var authenticator: [UInt8]
  /// The version asked for.
  package var version: UInt8
  /// MMDDHHMMSS as a number: the time that the authenticator is over.
  package var time: UInt32

  /// A request.
  package init(
    account: String, authenticator: [UInt8], time: UInt32,
    version: UInt8 = CMPPVersion.v2.rawValue
  ) {
    self.account = account
    self.authenticator = authenticator
    self.version = version
    self.time = time
  }
}

/// A message on its way in (7.4.3.1).
package struct CMPPSubmit: Hashable, Sendable {
  /// The most receivers of one.
  package static let receiversMax = 99
  /// The longest text in UCS-2, in bytes; in ASCII it is 159.
  package static let textBytesMax = 140
  /// UCS-2, big end first.
  package static let ucs2: UInt8 = 8

  /// 0: the gateway gives it.
  package var id: UInt64 = 0
  /// How many segments the whole has.
  package var segments: UInt8 = 1
  /// Which this is, from 1.
  package var segment: UInt8 = 1
  /// 1: a report is asked for.
  package var registered: UInt8 = 0
  package var level: UInt8 = 0
  /// At most ten bytes.
  package var service = ""
  /// Who pays: 0 the receiver, 1 the sender, 2 the account, 3 `feeNumber`.
  package var feeParty: UInt8 = 0
  /// At most 21 bytes; 32 in 3.0.
  package var feeNumber = ""
  /// 3.0 only: 0 a real number, 1 a false one.
  package var feeNumberKind: UInt8 = 0
  package var protocolID: UInt8 = 0
  /// 1: the text begins with a header of its own (GSM 03.40).
  package var hasHeader: UInt8 = 0
  /// 0 ASCII, 3 written to the card, 4 binary, 8 UCS-2, 15 GB.
  package var format: UInt8 = 0
  /// The account: six bytes.
  package var account = ""
  /// Two bytes: `01` free of charge, `02` each message, `03` each month.
  package var feeKind = ""
  /// In hundredths of a yuan: six digits.
  package var fee = ""
  /// Until when the gateway is to try, in SMPP's format; empty for as long as it does.
  package var validity = ""
  /// When the gateway is to send it; empty for at once.
  package var schedule = ""
  /// The number it comes from: at most 21 bytes.
  package var source = ""
  /// To whom: 1 to 99 numbers of at most 21 bytes; 32 in 3.0.
  package var receivers: [String] = []
  /// 3.0 only: 0 real numbers, 1 false ones.
  package var receiverKind: UInt8 = 0
  /// The text as `format` says.
  package var text: [UInt8] = []

  /// A message with empty fields.
  package init() {}
}

/// A message or a report on its way out (7.4.5.1).
package struct CMPPDeliver: Hashable, Sendable {
  package var id: UInt64 = 0
  /// The number it is for, ours: at most 21 bytes.
  package var destination = ""
  package var service = ""
  package var protocolID: UInt8 = 0
  package var hasHeader: UInt8 = 0
  package var format: UInt8 = 0
  /// The handset: at most 21 bytes; 32 in 3.0.
  package var source = ""
  /// 3.0 only: 0 a real number, 1 a false one.
  package var sourceKind: UInt8 = 0
  /// 1: the content is a report.
  package var isReport: UInt8 = 0
  /// The text as `format` says, or a `CMPPReport`.
  package var content: [UInt8] = []

  /// A message with empty fields.
  package init() {}
}

/// What a gateway says of a message (7.4.5.1, the content of a report).
package struct CMPPReport: Hashable, Sendable {
  /// The id of the submit's answer.
  package var id: UInt64
  /// `DELIVRD`, `EXPIRED`, `DELETED`, `UNDELIV`, `ACCEPTD`, `UNKNOWN`, `REJECTD` or the network's
  /// own: at most seven bytes.
  package var state: String
  /// yyMMddHHmm.
  package var submittedAt: String
  /// yyMMddHHmm.
  package var doneAt: String
  /// The handset.
  package var handset: String
  package var smscSequence: UInt32

  /// A report.
  package init(
    id: UInt64, state: String, submittedAt: String, doneAt: String, handset: String,
    smscSequence: UInt32 = 0
  ) {
    self.id = id
    self.state = state
    self.submittedAt = submittedAt
    self.doneAt = doneAt
    self.handset = handset
    self.smscSequence = smscSequence
  }
}
