/// One reason of a refusal, of a once-only notice, or of the registry's refusal to issue.
struct CaseReason: Hashable, Sendable {
  /// A machine code: a failed finding's rule, a code of `OfficerReason`, or what the registry said.
  var code: String
  /// What the applicant is told.
  var text: String

  /// How long a code is at most, in characters.
  static let codeCharactersMax = 64
  /// How long a text is at most, in Unicode scalars.
  static let textCharactersMax = 500
  /// How many reasons one decision gives at most.
  static let countMax = 50
}
