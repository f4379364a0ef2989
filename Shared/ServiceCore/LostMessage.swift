public import Storage

/// What another service has lost of one application, because its store was restored from an older
/// backup.
public struct LostMessage: Hashable, Sendable {
  /// Whose.
  public var applicationID: String
  /// `case`, `application`, `permit`, or the id of a text's template.
  public var what: String
  /// The case's id where the registry still knows it; else empty.
  public var caseID: String

  /// What is lost.
  public init(applicationID: String, what: String, caseID: String = "") {
    self.applicationID = applicationID
    self.what = what
    self.caseID = caseID
  }

  /// The messages that tell it anew, made of the service's state as the snapshot shows it; none
  /// where that has nothing to tell. They carry keys of their own wherever they say it in other
  /// words than the first time.
  public typealias Retelling = @Sendable (Snapshot, LostMessage) throws -> [OutboxMessage]
}
