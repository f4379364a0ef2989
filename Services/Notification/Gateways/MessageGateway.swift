public import DomainModel

/// A way out for text messages: a provider's protocol, or a file.
///
/// **A message may come twice.** A process that dies between a gateway's answer and writing it down
/// sends the message again under the same id; a gateway that can tells both apart delivers it once.
public protocol MessageGateway: Sendable {
  /// Its name in the ledger of attempts, such as `file`: 1 to 32 characters.
  var name: String { get }
  /// Hands a message over. Returns once it cannot be lost any more.
  func send(_ message: OutgoingMessage) async throws(GatewayError) -> GatewayReceipt
}

/// A message on its way out. Printing one shows neither number nor text.
public struct OutgoingMessage: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The message's id, the same at each attempt.
  public let messageID: String
  /// To whom.
  public let phone: PhoneNumber
  /// The whole text, signature included.
  public let text: String
  /// The text as the short messages that carry it: at most 70 UTF-16 units alone, else 67 each.
  public let segments: [String]

  /// A message.
  public init(messageID: String, phone: PhoneNumber, text: String, segments: [String]) {
    self.messageID = messageID
    self.phone = phone
    self.text = text
    self.segments = segments
  }

  /// The id.
  public var description: String { "message \(self.messageID)" }
  /// The id, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["messageID": self.messageID]) }
}

/// What a gateway says of a message it has taken.
public struct GatewayReceipt: Hashable, Sendable {
  /// When the message counts as delivered.
  public let deliveredAt: Timestamp
  /// The provider's own id for it; the message's id where the gateway has none of its own.
  public let providerID: String

  /// A receipt.
  public init(deliveredAt: Timestamp, providerID: String) {
    self.deliveredAt = deliveredAt
    self.providerID = providerID
  }
}

/// Why a gateway did not take a message.
public struct GatewayError: Error, Hashable, Sendable {
  /// The machine code, 1 to 64 characters; no personal data.
  public let code: String
  /// Whether the same message may be taken later.
  public let mayBeRetried: Bool

  /// An error.
  public init(code: String, mayBeRetried: Bool) {
    self.code = code
    self.mayBeRetried = mayBeRetried
  }
}
