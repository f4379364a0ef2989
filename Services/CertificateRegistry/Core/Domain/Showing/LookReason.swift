/// Why a permit that was shown is valid or is not: the machine codes of `VerifyPermit`. A code is
/// never reused. Those of documents and QR codes are PermitProof's, under the same names.
struct LookReason: RawRepresentable, Hashable, Sendable {
  let rawValue: String

  init(rawValue: String) {
    self.rawValue = rawValue
  }

  private init(_ rawValue: String) {
    self.init(rawValue: rawValue)
  }

  /// In force.
  static let valid = LookReason("VALID")
  /// In force although the full year is over: an endorsement submitted in time is not decided.
  static let endorsementPending = LookReason("ENDORSEMENT_PENDING")
  /// 使用功能中止
  static let suspended = LookReason("SUSPENDED")
  /// 挂失
  static let lost = LookReason("LOST")
  /// 注销
  static let cancelled = LookReason("CANCELLED")
  /// Another certificate of the same permit has taken the place of the one that was shown.
  static let superseded = LookReason("SUPERSEDED")
  /// The QR code's time is over.
  static let codeExpired = LookReason("CODE_EXPIRED")
  /// No certificate has this identifier.
  static let permitUnknown = LookReason("PERMIT_UNKNOWN")
  /// The text is no presentation code.
  static let presentationNotACode = LookReason("PRESENTATION_NOT_A_CODE")
  /// The presentation code's end is missing.
  static let presentationTruncated = LookReason("PRESENTATION_TRUNCATED")
  /// The presentation code is not as it was made.
  static let presentationAltered = LookReason("PRESENTATION_ALTERED")
  /// Nobody was given this presentation code, or more than a day ago.
  static let presentationUnknown = LookReason("PRESENTATION_UNKNOWN")
  /// The presentation code's time is over.
  static let presentationExpired = LookReason("PRESENTATION_EXPIRED")
  /// The same verifier has redeemed the presentation code before.
  static let presentationReplayed = LookReason("PRESENTATION_REPLAYED")
  /// Another verifier has redeemed the presentation code.
  static let presentationTaken = LookReason("PRESENTATION_TAKEN")
  /// The holder shows it for another purpose.
  static let presentationOfAnotherPurpose = LookReason("PRESENTATION_OF_ANOTHER_PURPOSE")

  /// All of them but PermitProof's.
  static let all: [LookReason] = [
    .valid, .endorsementPending, .suspended, .lost, .cancelled, .superseded, .codeExpired,
    .permitUnknown, .presentationNotACode, .presentationTruncated, .presentationAltered,
    .presentationUnknown, .presentationExpired, .presentationReplayed, .presentationTaken,
    .presentationOfAnotherPurpose,
  ]
}
