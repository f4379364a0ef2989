/// Why a certificate is not simply valid: the published catalogue. A code is never reused and never
/// changes its verdict; new ones are added at the end of their group.
public enum ProofReason: String, Error, Hashable, Sendable, CaseIterable {
  // The document.
  case documentTooLong = "DOCUMENT_TOO_LONG"
  case documentTruncated = "DOCUMENT_TRUNCATED"
  case documentNotCanonical = "DOCUMENT_NOT_CANONICAL"
  case documentFormatUnknown = "DOCUMENT_FORMAT_UNKNOWN"
  case documentFieldWrong = "DOCUMENT_FIELD_WRONG"
  // A QR code's text.
  case codeNotACode = "CODE_NOT_A_CODE"
  case codeTooLong = "CODE_TOO_LONG"
  case codeTruncated = "CODE_TRUNCATED"
  case codeAltered = "CODE_ALTERED"
  case codeFieldWrong = "CODE_FIELD_WRONG"
  // Document or code: who signed.
  case signatureWrong = "SIGNATURE_WRONG"
  case keyNotValidThen = "KEY_NOT_VALID_THEN"
  case keyUnknown = "KEY_UNKNOWN"
  // Its place in the log.
  case proofTruncated = "PROOF_TRUNCATED"
  case proofMalformed = "PROOF_MALFORMED"
  case proofOfAnother = "PROOF_OF_ANOTHER"
  case pathWrong = "PATH_WRONG"
  case pathOfAnotherTree = "PATH_OF_ANOTHER_TREE"
  case headTruncated = "HEAD_TRUNCATED"
  case headMalformed = "HEAD_MALFORMED"
  case headSignatureWrong = "HEAD_SIGNATURE_WRONG"
  case headKeyNotValidThen = "HEAD_KEY_NOT_VALID_THEN"
  case headKeyUnknown = "HEAD_KEY_UNKNOWN"
  case headMissing = "HEAD_MISSING"
  // What became of it since.
  case cancelled = "CANCELLED"
  case superseded = "SUPERSEDED"
  case lost = "LOST"
  case suspended = "SUSPENDED"
  case snapshotMissing = "SNAPSHOT_MISSING"
  case snapshotTruncated = "SNAPSHOT_TRUNCATED"
  case snapshotMalformed = "SNAPSHOT_MALFORMED"
  case snapshotSignatureWrong = "SNAPSHOT_SIGNATURE_WRONG"
  case snapshotKeyNotValidThen = "SNAPSHOT_KEY_NOT_VALID_THEN"
  case snapshotKeyUnknown = "SNAPSHOT_KEY_UNKNOWN"
  case snapshotOfAnotherLog = "SNAPSHOT_OF_ANOTHER_LOG"
  case snapshotTooOld = "SNAPSHOT_TOO_OLD"
  case snapshotTooNew = "SNAPSHOT_TOO_NEW"
  // The instant.
  case expired = "EXPIRED"
  case termNotBegun = "TERM_NOT_BEGUN"
  case notYetSigned = "NOT_YET_SIGNED"
  case codeExpired = "CODE_EXPIRED"
  // The machine.
  case cannotCheck = "CANNOT_CHECK"

  /// The verdict that it leads to where nothing stronger does.
  public var verdict: Verdict {
    switch self {
    case .cancelled, .superseded, .lost:
      .revoked
    case .suspended:
      .suspended
    case .expired, .termNotBegun, .notYetSigned, .codeExpired:
      .notInForce
    case .keyUnknown, .headKeyUnknown, .headMissing, .snapshotMissing, .snapshotTruncated,
      .snapshotMalformed, .snapshotSignatureWrong, .snapshotKeyNotValidThen, .snapshotKeyUnknown,
      .snapshotOfAnotherLog, .snapshotTooOld, .snapshotTooNew, .cannotCheck:
      .cannotKnow
    case .documentTooLong, .documentTruncated, .documentNotCanonical, .documentFormatUnknown,
      .documentFieldWrong, .codeNotACode, .codeTooLong, .codeTruncated, .codeAltered,
      .codeFieldWrong, .signatureWrong, .keyNotValidThen, .proofTruncated, .proofMalformed,
      .proofOfAnother, .pathWrong, .pathOfAnotherTree, .headTruncated, .headMalformed,
      .headSignatureWrong, .headKeyNotValidThen:
      .refused
    }
  }

  /// What to tell people, in English.
  public var english: String { self.sentences.english }

  /// What to tell people, in Chinese.
  public var chinese: String { self.sentences.chinese }
}
