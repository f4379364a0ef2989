public import DomainModel

/// A way out for text messages: a provider's protocol, or a file.
///
/// **A message may come twice.** A process that dies between a gateway's answer and writing it down
/// sends the message again under the same id; a gateway that can tells both apart delivers it once.
public protocol MessageGateway: Sendable {
  /// Its name in the ledger of attempts, such as `file`: 1 to 32 characters. A gateway that chooses
  /// among others names the one that it chose in each report.
  var name: String { get }
  /// The longest that `send` takes, in milliseconds; a lease on a message lasts longer.
  var sendMsMax: Int64 { get }
  /// Hands a message over. Returns once the provider has answered, or will not any more.
  func send(_ message: OutgoingMessage) async -> SendReport
  /// Keeps its connections until the task is cancelled, and hands over what providers say later,
  /// in the order in which it came from each connection. Runs once, beside `send`.
  func run(_ keeper: any ReceiptKeeper) async throws
}

extension MessageGateway {
  /// A gateway that delivers by itself has no connection and no receipts.
  public func run(_ keeper: any ReceiptKeeper) async throws {}
}

/// Who makes durable what a provider says of a message after it was sent.
public protocol ReceiptKeeper: Sendable {
  /// Returns once all of it is on stable storage; only then is the provider answered. If it throws,
  /// the provider is told to bring it again later, and may.
  ///
  /// A receipt may come before the report of the send it belongs to, twice, out of order, or for an
  /// id that nobody knows: none of these is a reason to throw.
  func keep(_ news: [GatewayNews]) async throws
}

/// A message on its way out. Printing one shows neither number nor text.
public struct OutgoingMessage: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The message's id, the same at each attempt.
  public let messageID: String
  /// Which try this is, from 1.
  public let attempt: Int
  /// To whom.
  public let phone: PhoneNumber
  /// The whole text, signature included.
  public let text: String
  /// The text as the short messages that carry it: at most 70 UTF-16 units alone, else 67 each.
  public let segments: [String]
  /// When the provider is to give up: stale text is not delivered. Nil: as the provider does.
  public let expiresAt: Timestamp?

  /// A message.
  public init(
    messageID: String, attempt: Int = 1, phone: PhoneNumber, text: String, segments: [String],
    expiresAt: Timestamp? = nil
  ) {
    self.messageID = messageID
    self.attempt = attempt
    self.phone = phone
    self.text = text
    self.segments = segments
    self.expiresAt = expiresAt
  }

  /// The id.
  public var description: String { "message \(self.messageID)" }
  /// The id, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["messageID": self.messageID]) }
}

/// How one try ended, as far as the gateway can know.
public struct SendReport: Hashable, Sendable {
  /// Which gateway it was.
  public let gateway: String
  /// How it ended.
  public let outcome: SendOutcome
  /// The provider's id of each segment, in order, as its receipts will name it; nil where none is
  /// known. One id for the whole where the gateway does not send segments.
  public let providerIDs: [String?]
  /// How often a segment was sent again without knowing whether the provider had it: each may be a
  /// duplicate at the handset.
  public let repeats: Int

  /// A report.
  public init(
    gateway: String, _ outcome: SendOutcome, providerIDs: [String?] = [], repeats: Int = 0
  ) {
    self.gateway = gateway
    self.outcome = outcome
    self.providerIDs = providerIDs
    self.repeats = repeats
  }
}

/// How a try ended.
public enum SendOutcome: Hashable, Sendable {
  /// It has arrived; no receipt follows.
  case delivered(at: Timestamp)
  /// The provider has every segment; its receipts follow.
  case submitted
  /// The handset will not get the whole text by this try: the provider refused a segment, or none
  /// was handed over. The code is for machines, 1 to 64 characters, without personal data.
  case refused(code: String, SendRefusal)
  /// A segment was handed over and never answered: the provider may have it or not.
  case unknown(code: String)
}

/// What a refusal says of the next try.
public enum SendRefusal: Hashable, Sendable {
  /// The same message will be refused again.
  case forGood
  /// It may be taken later; not before so many milliseconds, if the gateway knows.
  case forNow(retryAfterMs: Int64?)
}

/// What a provider says of a message after it was sent.
public enum GatewayNews: Hashable, Sendable {
  /// How a segment fared.
  case receipt(DeliveryReceipt)
  /// The answer to a send that was reported as unknown.
  case lateAnswer(LateAnswer)
}

/// How one segment fared on its way to the handset.
public struct DeliveryReceipt: Hashable, Sendable {
  /// Which gateway says so; ids mean something in one gateway only.
  public let gateway: String
  /// The segment, as in `SendReport.providerIDs`.
  public let providerID: String
  /// What became of it.
  public let state: ReceiptState
  /// The provider's own word and error, such as `UNDELIV:0DB`: at most 64 characters.
  public let code: String
  /// When, by the provider's clock; when it came in, where the provider does not say.
  public let at: Timestamp

  /// A receipt.
  public init(
    gateway: String, providerID: String, state: ReceiptState, code: String, at: Timestamp
  ) {
    self.gateway = gateway
    self.providerID = providerID
    self.state = state
    self.code = code
    self.at = at
  }
}

/// What a receipt says of its segment.
public enum ReceiptState: String, Hashable, Sendable, CaseIterable {
  /// Not the end: the network has it.
  case underWay
  /// The handset has it.
  case delivered
  /// The network gave it up when its time was over.
  case expired
  /// The network gave it up.
  case failed
  /// The network does not know.
  case unknown
}

/// A provider's answer that came after its send had been reported as unknown.
public struct LateAnswer: Hashable, Sendable {
  /// Which gateway.
  public let gateway: String
  /// Which message, and which try of it.
  public let messageID: String
  /// The try, from 1.
  public let attempt: Int
  /// Which segment, from 0.
  public let segment: Int
  /// The provider's id for the segment; nil if it refused it.
  public let providerID: String?
  /// The provider's code for the refusal; empty if it took the segment.
  public let code: String

  /// A late answer.
  public init(
    gateway: String, messageID: String, attempt: Int, segment: Int, providerID: String?,
    code: String = ""
  ) {
    self.gateway = gateway
    self.messageID = messageID
    self.attempt = attempt
    self.segment = segment
    self.providerID = providerID
    self.code = code
  }
}
