import DomainModel

/// What a list says of an application; no personal data.
struct ApplicationSummary: Hashable, Sendable {
  var id: ID<Application>
  /// Empty for a draft.
  var number: String
  var state: ApplicationState
  var version: Int64
  var changedAt: Timestamp
  /// Empty where no permit is issued.
  var certificateIdentifier: String
}
