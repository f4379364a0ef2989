import Crypto
import DomainModel

/// The code by which a holder shows his permit once: `AJP1:`, 20 bytes that nobody can guess and 2
/// that tell whether they were read as they were made, in hexadecimal digits.
///
/// It is kept nowhere. A nonce of 20 random bytes makes it, by the keyed one-way index of the
/// service: a repeat of the call that asked for it gives it again, and the database has only the
/// nonce and the code's hash. Under another key of the index a nonce gives another code, which
/// nobody knows: by then the first one has long lapsed.
struct PresentationCode: Hashable, Sendable {
  /// How many bytes of a nonce, and of a code, nobody can guess.
  static let byteCount = 20
  /// What a code's text begins with.
  static let prefix = "AJP1:"
  private static let checkByteCount = 2
  private static let digits = 2 * (Self.byteCount + Self.checkByteCount)

  private let bytes: [UInt8]

  /// The code of a nonce.
  init(nonce: [UInt8], _ index: any BlindIndex) {
    let keyed = index.now.blind("anju-presentation/1 " + Hex.encode(nonce))
    self.bytes = Array(keyed.prefix(Self.byteCount))
  }

  /// The code in a text; throws `LookRefused` where it is none.
  init(text: String) throws {
    guard text.hasPrefix(Self.prefix) else {
      let isCut = Self.prefix.hasPrefix(text)
      throw LookRefused(isCut ? .presentationTruncated : .presentationNotACode)
    }
    let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
    guard digits.count >= Self.digits else { throw LookRefused(.presentationTruncated) }
    guard digits.count == Self.digits, let read = Hex.decode(String(Substring(digits))) else {
      throw LookRefused(.presentationAltered)
    }
    self.bytes = Array(read.prefix(Self.byteCount))
    guard try self.check == Array(read.suffix(Self.checkByteCount)) else {
      throw LookRefused(.presentationAltered)
    }
  }

  /// What is shown.
  var text: String {
    get throws { Self.prefix + Hex.encode(self.bytes + (try self.check)).uppercased() }
  }

  /// What is kept of it.
  var hash: [UInt8] {
    get throws { try DigestAlgorithm.sha256.digest(self.bytes) }
  }

  private var check: [UInt8] {
    get throws {
      let hash = try DigestAlgorithm.sha256.digest(Array(Self.prefix.utf8) + self.bytes)
      return Array(hash.prefix(Self.checkByteCount))
    }
  }
}

/// What was shown is not what it should be: an answer to the verifier, not an error.
struct LookRefused: Error {
  let reason: LookReason

  init(_ reason: LookReason) {
    self.reason = reason
  }
}
