import DomainModel

/// Who looked at whose permit, for what, and what he was told: kept for years, also of looks that
/// found nothing.
struct Provision: Hashable, Sendable {
  let at: Timestamp
  /// The verifier's principal.
  let verifier: String
  /// The verifier's office; empty where there is none.
  let office: String
  let query: LookQuery
  /// The permit; nil where there is none.
  let permit: ID<Permit>?
  /// The certificate that was shown, where that is known.
  let certificateIdentifier: String?
  let reasons: [LookReason]
}
