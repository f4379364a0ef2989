import DomainModel

/// Who was given a copy of everything about a person.
struct ExportProvision: Hashable, Sendable {
  let at: Timestamp
  /// The principal; that of the person himself names nobody.
  let actor: String
  /// The officer's office; empty where there is none.
  let office: String
  /// The person's id.
  let person: String
  /// The number under which the request is filed; nil where he asked himself.
  let reference: String?
}

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
