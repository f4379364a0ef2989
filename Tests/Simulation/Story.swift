extension SimulatedRun {
  /// What may come to pass in a run. Each seed draws its own; many seeds must have met all of it,
  /// or what the simulation says of it is worth nothing.
  public enum Story: String, Hashable, Sendable, CaseIterable {
    case permits
    case refusals
    case nonAcceptances = "non-acceptances"
    case supplements
    /// The registry would not issue, because the person holds a permit already.
    case refusedIssues = "refused issues"
    /// A person applies once more, after whatever end.
    case secondApplications = "second applications"
    /// A person applies on two devices at once.
    case doubleApplications = "double applications"
    /// Two officers sign the same version of a case.
    case races
    /// A client watches an application to its end.
    case watches
    /// A call that was answered is sent again under its key.
    case repeats
  }
}
