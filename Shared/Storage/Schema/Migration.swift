/// One step of a schema. The list of a service's migrations only ever grows at its end.
///
/// **Expand and contract are two releases.** A step that adds keeps the old code running; a step
/// that takes away says in `oldestCode` which code it needs.
/// *Why?* During a rollout both run on one database. *What if you do not?* The old replicas fail
/// with the first statement that misses its column.
public struct Migration: Hashable, Sendable {
  /// Its name, for people; never changes.
  public let name: String
  /// The schema statements, separated by `;`, in the words of `SQLDialect`.
  public let statements: [String]
  /// The oldest code (counted in migrations it knows) that still works after this step; nil where
  /// the step changes nothing about that.
  public let oldestCode: Int?

  /// One step. Name every unique index (`CREATE UNIQUE INDEX permit_live ON …`): its name is what
  /// `uniqueViolation` says, on each engine.
  public init(_ name: String, oldestCode: Int? = nil, _ statements: [String]) {
    self.name = name
    self.oldestCode = oldestCode
    self.statements = statements
  }
}
