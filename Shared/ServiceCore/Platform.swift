public import RPC

/// A platform of somebody else's that a service calls, such as the provincial data platform.
public struct Platform: Sendable {
  /// Its name in the settings: 1 to 32 small letters, digits and hyphens. What it was told is kept
  /// under it.
  public let name: String
  /// The way to it.
  public let channel: any RPCChannel

  /// A platform. A name that is none is a broken promise.
  public init(name: String, channel: any RPCChannel) {
    precondition(Self.isName(name), "no name of a platform")
    self.name = name
    self.channel = channel
  }

  /// Whether a text can be a platform's name.
  public static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
      }
  }

  /// Where an outbox's messages to a platform of this name go: no service is called so.
  public static func destination(_ name: String) -> String { "platform:\(name)" }
}
