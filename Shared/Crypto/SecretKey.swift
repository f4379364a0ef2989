internal import COpenSSL

/// A symmetric key of 256 bits with its name. Printing one shows the name only.
public struct SecretKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// How many bytes a key has.
  public static let byteCount = 32
  /// The most bytes of a key's name.
  public static let idBytesMax = 32

  /// The name that stands beside everything made with the key.
  public let id: String
  let bytes: KeyBytes

  /// A key; nil unless it has 32 bytes and its name has 1 to 32 letters, digits or hyphens of
  /// ASCII.
  public init?(id: String, bytes: [UInt8]) {
    let isName = id.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard bytes.count == Self.byteCount, isName, (1...Self.idBytesMax).contains(id.utf8.count)
    else { return nil }
    self.id = id
    self.bytes = KeyBytes(bytes)
  }

  /// The name.
  public var description: String { "key \(self.id)" }

  /// The name, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }
}

/// The bytes of a key, wiped when the last user lets go.
///
/// Unchecked because the pointer is written once, in `init`, and only read until `deinit`.
final class KeyBytes: @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    self.storage = .allocate(capacity: bytes.count)
    _ = self.storage.initialize(fromContentsOf: bytes)
  }

  deinit {
    OPENSSL_cleanse(self.storage.baseAddress, self.storage.count)
    self.storage.deallocate()
  }

  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(self.storage))
  }
}
