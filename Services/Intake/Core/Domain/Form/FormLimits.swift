import DomainModel

/// The bounds of a form's texts and lists, as the contract states them (`model.proto`).
enum FormLimits {
  static let workplaceCharactersMax = 100
  /// A form claims each condition at most once.
  static let claimsMax = Condition.allCases.count
  /// A claim names each kind of evidence at most once.
  static let evidencePerClaimMax = EvidenceKind.allCases.count
}
