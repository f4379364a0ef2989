import Crypto
import DomainModel

// Whether one thing is what a trusted key signed, whatever became of it since. Each throws the one
// reason why not.
extension Verifier {
  /// A permit's document, if the signature is a trusted key's.
  public func document(
    _ bytes: [UInt8], signature: [UInt8]
  ) throws(ProofReason) -> PermitDocument {
    let document: PermitDocument
    do throws(FormDefect) {
      document = try PermitDocument(canonicalBytes: bytes)
    } catch {
      throw ProofReason(document: error)
    }
    let signing = document.signing
    switch self.flaw(signature, of: bytes, by: signing.keyID, at: signing.at) {
    case nil: return document
    case .keyUnknown: throw .keyUnknown
    case .keyNotValidThen: throw .keyNotValidThen
    case .wrong: throw .signatureWrong
    case .cannotCheck: throw .cannotCheck
    }
  }

  /// The code in a QR code's text, if the signature is a trusted key's.
  public func code(_ text: String) throws(ProofReason) -> OfflineCode {
    let signed: SignedCode
    do throws(CodeDefect) {
      signed = try SignedCode(text: text)
    } catch {
      throw ProofReason(code: error)
    }
    let code = signed.code
    switch self.flaw(signed.signature, of: code.signedBytes, by: code.keyID, at: code.madeAt) {
    case nil: return code
    case .keyUnknown: throw .keyUnknown
    case .keyNotValidThen: throw .keyNotValidThen
    case .wrong: throw .signatureWrong
    case .cannotCheck: throw .cannotCheck
    }
  }

  /// The head in a `SignedTreeHead`'s file, if the signature is a trusted key's.
  public func head(_ bytes: [UInt8]) throws(ProofReason) -> TreeHead {
    let signed: SignedTreeHead
    do throws(FormDefect) {
      signed = try SignedTreeHead(canonicalBytes: bytes)
    } catch {
      throw error == .truncated ? .headTruncated : .headMalformed
    }
    let head = signed.head
    switch self.flaw(signed.signature, of: head.canonicalBytes, by: head.keyID, at: head.at) {
    case nil: return head
    case .keyUnknown: throw .headKeyUnknown
    case .keyNotValidThen: throw .headKeyNotValidThen
    case .wrong: throw .headSignatureWrong
    case .cannotCheck: throw .cannotCheck
    }
  }

  /// The snapshot in a `SignedSnapshot`'s file, if the signature is a trusted key's.
  public func snapshot(_ bytes: [UInt8]) throws(ProofReason) -> RevocationSnapshot {
    let signed: SignedSnapshot
    do throws(FormDefect) {
      signed = try SignedSnapshot(bytes: bytes)
    } catch {
      throw error == .truncated ? .snapshotTruncated : .snapshotMalformed
    }
    let head = signed.snapshot.head
    // What was read has one spelling: the file's own bytes are those that were signed.
    let signedBytes = Array(bytes.dropLast(signed.signature.count + 1))
    switch self.flaw(signed.signature, of: signedBytes, by: head.keyID, at: head.at) {
    case nil: return signed.snapshot
    case .keyUnknown: throw .snapshotKeyUnknown
    case .keyNotValidThen: throw .snapshotKeyNotValidThen
    case .wrong: throw .snapshotSignatureWrong
    case .cannotCheck: throw .cannotCheck
    }
  }

  /// What is wrong with a signature that says it is a key's of an instant; nil where nothing is.
  private func flaw(
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

/// What is wrong with a signature.
private enum SignatureFlaw: Hashable, Sendable {
  case keyUnknown
  case keyNotValidThen
  case wrong
  case cannotCheck
}

extension ProofReason {
  /// What a defect of a document's form is told as.
  fileprivate init(document defect: FormDefect) {
    switch defect {
    case .tooLong: self = .documentTooLong
    case .truncated: self = .documentTruncated
    case .notCanonical: self = .documentNotCanonical
    case .formatUnknown: self = .documentFormatUnknown
    case .fieldWrong: self = .documentFieldWrong
    }
  }

  /// What a defect of a code's text is told as.
  fileprivate init(code defect: CodeDefect) {
    switch defect {
    case .notACode: self = .codeNotACode
    case .tooLong: self = .codeTooLong
    case .truncated: self = .codeTruncated
    case .altered: self = .codeAltered
    case .fieldWrong: self = .codeFieldWrong
    }
  }
}
