import Crypto
import DomainModel

/// What is wrong with a signature.
enum SignatureFlaw: Hashable, Sendable {
  case keyUnknown
  case keyNotValidThen
  case wrong
  case cannotCheck

  /// What it is told as where it is a document's or a code's.
  var reason: ProofReason {
    switch self {
    case .keyUnknown: .keyUnknown
    case .keyNotValidThen: .keyNotValidThen
    case .wrong: .signatureWrong
    case .cannotCheck: .cannotCheck
    }
  }
}

extension Verifier {
  /// What is wrong with a signature that says it is a key's of an instant; nil where nothing is.
  func flaw(
    _ signature: [UInt8], of bytes: [UInt8], by keyID: String, at instant: Timestamp
  ) -> SignatureFlaw? {
    guard let key = self.keys[keyID] else { return .keyUnknown }
    do {
      guard try key.key.verify(signature, of: bytes) else { return .wrong }
    } catch {
      return .cannotCheck
    }
    return key.signed(at: instant) ? nil : .keyNotValidThen
  }
}
