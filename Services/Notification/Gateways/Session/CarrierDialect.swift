package import DomainModel

/// How one protocol says what all of them mean: what a `CarrierSession` needs of SMPP or of CMPP.
/// Values only; the session keeps sequence numbers, windows and times.
package protocol CarrierDialect: Sendable {
  /// How many bytes a PDU's header has.
  static var headerBytes: Int { get }
  /// The longest PDU that is taken.
  static var frameBytesMax: Int { get }
  /// The highest sequence number; the lowest is 1.
  static var sequenceMax: UInt32 { get }

  /// The request to be let in; throws where it cannot be made.
  mutating func login(sequence: UInt32, now: Timestamp) throws -> [UInt8]
  /// A short message.
  func submit(_ segment: OutgoingSegment, sequence: UInt32) -> [UInt8]
  /// The question whether the other side is there.
  func probe(sequence: UInt32) -> [UInt8]
  /// That we are about to go.
  func farewell(sequence: UInt32) -> [UInt8]
  /// What a provider is told that sent something wrong; nil if there is no such word.
  func complaint(_ fault: PDUFault, frame: ArraySlice<UInt8>?) -> [UInt8]?
  /// What a provider says in one PDU.
  func read(_ frame: ArraySlice<UInt8>) throws(PDUFault) -> CarrierSignal
  /// The answer to a delivery; nil if it is better not answered, so that it comes again.
  func answer(_ delivery: CarrierDelivery, isKept: Bool) -> [UInt8]?
}

/// What a provider says.
package enum CarrierSignal: Hashable, Sendable {
  /// We are let in.
  case welcome
  /// We are not let in.
  case loginRefused(code: String)
  /// The answer to a short message.
  case answered(sequence: UInt32, SegmentAnswer)
  /// A receipt, or a text from a handset.
  case delivery(CarrierDelivery)
  /// Something that these bytes answer.
  case request(answer: [UInt8])
  /// It goes; these bytes answer.
  case farewell(answer: [UInt8])
  /// It has heard that we go.
  case farewellAnswered
  /// Nothing to be done; whatever comes is a sign of life.
  case nothing
}

/// What became of one short message at the provider.
package enum SegmentAnswer: Hashable, Sendable {
  /// The provider has it; its id as its receipts will name it, if it gave one.
  case taken(id: String?)
  /// The provider does not take it.
  case refused(code: String, SegmentRefusal)
  /// It was sent and nothing came back.
  case unanswered(code: String)
  /// It was never sent.
  case notSent(code: String)
}

/// What a refusal means for what comes next.
package enum SegmentRefusal: Hashable, Sendable {
  /// The same will be refused again.
  case forGood
  /// It may be taken later.
  case forNow
  /// Too much at once, or its queue is full: all wait a little.
  case throttled
  /// It has had this sequence number before; what it said then is lost.
  case repeated
}

/// What a provider brings, to be answered once it is kept.
package struct CarrierDelivery: Hashable, Sendable {
  /// The request's number.
  package let sequence: UInt32
  /// What else the answer repeats: the command in SMPP, the id in CMPP.
  package let echo: UInt64
  /// What it says of a message of ours; nil for a text from a handset, or for a receipt that names
  /// no message.
  package let receipt: CarrierReceipt?

  /// A delivery.
  package init(sequence: UInt32, echo: UInt64, receipt: CarrierReceipt?) {
    self.sequence = sequence
    self.echo = echo
    self.receipt = receipt
  }
}

/// A receipt as a protocol reads it.
package struct CarrierReceipt: Hashable, Sendable {
  /// As in `SegmentAnswer.taken`.
  package let id: String
  /// What became of the short message.
  package let state: ReceiptState
  /// The provider's own word and error, at most 64 characters.
  package let code: String
  /// When, if the provider says so.
  package let at: Timestamp?

  /// A receipt.
  package init(id: String, state: ReceiptState, code: String, at: Timestamp?) {
    self.id = id
    self.state = state
    self.code = String(code.unicodeScalars.prefix(64).map { Character($0) })
    self.at = at
  }
}
