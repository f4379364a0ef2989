import DomainModel

/// The officer who signs, as the caller's identity proves him.
struct Officer: Hashable, Sendable {
  /// 1 to 64 characters.
  var id: String
  /// 12 digits.
  var office: String
  /// `accept`, `review`, `approve`, `confirm` or `head`.
  var role: String
}

/// One signed opinion; never changed.
struct Opinion: Hashable, Sendable {
  var stage: Stage
  /// The round of the case it was signed in; one opinion a stage and round.
  var round: Int
  var officerID: String
  var officeCode: String
  var decision: Decision
  /// Complete; empty where the decision is to pass.
  var reasons: [CaseReason]
  /// For the file; may be empty.
  var text: String
  var signedAt: Timestamp

  /// How long `text` is at most, in Unicode scalars.
  static let textCharactersMax = 500
}

/// What an officer wants to sign. Stage and decision are nil where the request named none.
struct OpinionDraft: Hashable, Sendable {
  var officer: Officer
  /// The version the officer read.
  var expectedVersion: Int64
  var stage: Stage?
  var decision: Decision?
  var reasons: [CaseReason]
  var text: String
  /// The claim under which he signs; 0 where he names none.
  var claimNumber: Int64 = 0
  /// Whether the case is about him, by the number that his login proved.
  var isParty = false
}
