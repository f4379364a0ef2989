import DomainModel

/// A submitted application that this service has lost, because its store was restored from an older
/// backup: what its case knows of it. Its owner, its commitment and the bytes of its materials stay
/// lost.
struct LostApplication: Sendable {
  var id: ID<Application>
  var kind: ApplicationKind
  var channel: ApplicationChannel
  var policyVersion: String
  var form: FormDocument
  var filing: Filing
  var materials: [Material]

  /// What stands in its place until it is restored, for `owner`, who restores it.
  func draft(of owner: String) -> Application {
    Application(
      id: self.id, owner: owner, kind: self.kind, channel: self.channel,
      under: self.policyVersion, at: self.filing.submission.submittedAt)
  }
}

extension Application {
  /// The application as its case knows it; nil where it is submitted already.
  func restored(_ lost: LostApplication, at now: Timestamp) throws -> ApplicationStep? {
    if self.state != .draft { return nil }
    var next = try self.submitting(
      lost.form, lost.filing.submission, under: lost.policyVersion, at: now)
    next.materials = lost.materials
    return ApplicationStep(next: next, event: .restored(lost.filing))
  }
}
