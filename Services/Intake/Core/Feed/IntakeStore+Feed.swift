import DomainModel
import ServiceCore
import Storage

/// The feed of changes: a row for each change of a submitted application, written with it, which
/// gets its position afterwards.
///
/// **Why afterwards?** On PostgreSQL transactions commit in another order than they began, so a
/// number that is drawn while a change is written may come to light after higher ones: a watcher
/// would be past it, and miss it. *What is done about it:* positions are given only to changes that
/// have been committed, by one transaction after the other (they are serializable), so whoever sees
/// a position sees all below it.
extension IntakeStore {
  /// Signalled when there are changes that have no position yet.
  static let notedTopic: Topic = "application_noted"
  /// Signalled when changes have got their positions.
  static let feedTopic: Topic = "application_feed"

  /// Notes a change for the feed; drafts are nobody's business but their owner's.
  func note(_ transaction: Transaction, _ next: Application) throws {
    if next.state == .draft { return }
    try transaction.execute(
      """
      INSERT INTO application_change (application_id, version, owner, state, at)
      VALUES (\(next.id), \(next.version), \(next.owner), \(next.state), \(next.updatedAt))
      """)
    transaction.signal(Self.notedTopic)
  }

  /// Gives positions to at most `limit` changes that have none; returns how many. The changes of
  /// one application keep their order.
  @discardableResult
  func sequenceChanges(limit: Int) async throws -> Int {
    let isWaiting = try await self.read { snapshot in
      try snapshot.exists("SELECT 1 FROM application_change WHERE position IS NULL")
    }
    guard isWaiting else { return 0 }
    return try await self.write { transaction in
      try transaction.lock("application_feed")
      let last =
        try transaction.row("SELECT MAX(position) AS last FROM application_change")?
        .optionalInt("last") ?? 0
      let count = try transaction.changedRows(
        """
        UPDATE application_change SET position = \(last) + numbered.number
        FROM (
          SELECT application_id, version,
            ROW_NUMBER() OVER (ORDER BY application_id, version) AS number
          FROM (
            SELECT application_id, version FROM application_change WHERE position IS NULL
            ORDER BY application_id, version LIMIT \(limit)
          ) AS waiting
        ) AS numbered
        WHERE application_change.application_id = numbered.application_id
          AND application_change.version = numbered.version
        """)
      if count > 0 { transaction.signal(Self.feedTopic) }
      return count
    }
  }

  /// Whether a token's place is one of the owner's changes.
  func isKnown(_ place: FeedPlace<Application>, of owner: String) async throws -> Bool {
    try await self.read { snapshot in
      try snapshot.exists(
        """
        SELECT 1 FROM application_change
        WHERE application_id = \(place.entity) AND version = \(place.version)
          AND position = \(place.position) AND owner = \(owner)
        """)
    }
  }

  /// The owner's changes after a position, in order; at most `limit`.
  func changes(
    of owner: String, after position: Int64, limit: Int
  ) async throws -> [FeedChange] {
    try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT application_change.application_id, application_change.version,
          application_change.position, application_change.state, application_change.at,
          application.application_number, application.kind, application.certificate_identifier
        FROM application_change
        JOIN application ON application.application_id = application_change.application_id
        WHERE application_change.owner = \(owner) AND application_change.position > \(position)
        ORDER BY application_change.position LIMIT \(limit)
        """
      ).map(FeedChange.init)
    }
  }

  /// Says when there may be new positions; ends when the process stops.
  func newPositions(by time: any TimeSource) -> Changes {
    Changes(of: Self.feedTopic, in: self.tables.store, by: time)
  }
}

extension FeedChange {
  fileprivate init(_ row: Row) throws {
    self.init(
      place: FeedPlace(
        position: try row.int64("position"), entity: try row.id("application_id"),
        version: try row.int64("version")),
      number: try row.optionalText("application_number") ?? "", kind: try row.choice("kind"),
      state: try row.choice("state"), at: try row.timestamp("at"),
      certificateIdentifier: try row.optionalText("certificate_identifier") ?? "")
  }
}
