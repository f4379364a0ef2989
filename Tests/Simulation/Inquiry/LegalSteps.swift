import RPC
import Storage

/// What a service's rows may become, written down from the contract alone: the words in which its
/// store keeps states, and from which to which a row may go in one commit.
struct LegalSteps: Sendable {
  /// Reads `id`, `version` and `state` of every row, in an order that is always the same.
  let query: SQL
  private let steps: [String: Set<String>]

  /// Whether a row may stay in a state or leave it for another one.
  func allow(from before: String, to after: String) -> Bool {
    before == after || self.steps[before, default: []].contains(after)
  }

  /// A new row's state.
  func allowsFirst(_ state: String) -> Bool {
    self.steps[""]?.contains(state) ?? false
  }

  /// Of a service whose rows have states; nil for the registry, which knows only live permits.
  static func of(_ name: ServiceName) -> LegalSteps? {
    switch name {
    case .intake: .applications
    case .approval: .cases
    case .notification: .messages
    case .registry: nil
    }
  }

  private static let applications = LegalSteps(
    query: "SELECT application_id AS id, version, state FROM application ORDER BY id",
    steps: [
      "": ["draft"],
      "draft": ["submitted"],
      "submitted": ["supplement_needed", "accepted", "not_accepted"],
      "supplement_needed": ["submitted", "accepted", "not_accepted", "refused"],
      "accepted": ["supplement_needed", "refused", "completed"],
    ])

  private static let cases = LegalSteps(
    query: "SELECT case_id AS id, version, state FROM approval_case ORDER BY id",
    steps: [
      "": ["awaiting_acceptance"],
      "awaiting_acceptance": ["awaiting_review", "awaiting_supplement", "not_accepted"],
      "awaiting_supplement": ["awaiting_acceptance", "not_accepted"],
      "awaiting_review": ["awaiting_approval", "review_supplement"],
      "review_supplement": ["awaiting_review", "refused"],
      "awaiting_approval": ["approved", "refused"],
      "approved": ["completed", "issue_refused"],
      "issue_refused": ["approved", "refused"],
    ])

  /// A text's version is how often it was tried.
  private static let messages = LegalSteps(
    query: "SELECT message_id AS id, attempts AS version, state FROM message ORDER BY id",
    steps: ["": ["queued"], "queued": ["delivered", "dead"], "dead": ["queued"]])
}
