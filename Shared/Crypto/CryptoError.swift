internal import COpenSSL

/// Why something cryptographic was not done. Holds no key, no plain text and no signature.
public enum CryptoError: Error, Hashable, Sendable {
  /// libcrypto refused an operation; its own reasons, as it words them.
  case library(operation: String, reasons: [String])
  /// Sealed bytes are too short or of a form that is not known.
  case sealedFormUnknown
  /// Sealed bytes name a key that is not in the ring.
  case keyUnknown(id: String)
  /// Sealed bytes were changed, or sealed with another key or for another place.
  case sealBroken
  /// A PEM text holds no key of the kind wanted.
  case keyUnreadable(String)
  /// A key file is missing where the store already has data, so that a new one would lose it.
  case keyFileMissing(path: String)
  /// A key file or its directory is not what it should be.
  case keyFileUnfit(path: String, reason: String)

  /// The failure of a libcrypto call, with the reasons that it queued; they are taken off the
  /// queue, so that the next failure does not report them again.
  static func library(_ operation: String) -> CryptoError {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { break }
      if let text = ERR_reason_error_string(code) { reasons.append(String(cString: text)) }
    }
    return .library(operation: operation, reasons: reasons)
  }

  /// Throws unless a libcrypto call answered 1.
  static func require(_ answer: Int32, _ operation: String) throws(CryptoError) {
    if answer != 1 { throw .library(operation) }
  }
}
