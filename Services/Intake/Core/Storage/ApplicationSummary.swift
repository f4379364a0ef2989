import DomainModel

/// An application of a person that is in progress.
struct OpenApplication: Hashable, Sendable {
  var kind: ApplicationKind
  var number: String

  /// What is told whoever submits what cannot stand beside it.
  var refusal: ServiceError {
    ServiceError(
      .applicationAlreadyOpen,
      metadata: ["application_number": self.number, "kind": self.kind.rawValue])
  }
}

/// What a list says of an application; no personal data.
struct ApplicationSummary: Hashable, Sendable {
  var id: ID<Application>
  /// Empty for a draft.
  var number: String
  var kind: ApplicationKind
  var channel: ApplicationChannel
  var state: ApplicationState
  var version: Int64
  var changedAt: Timestamp
  /// Empty where it is not completed, or about no permit.
  var certificateIdentifier: String
}
