import Storage

/// The message queue's schema.
enum NotificationMigrations {
  /// All steps, oldest first; the list only grows at its end.
  static let all: [Migration] = [
    Migration("messages", Inbox.schema + History.schema + [Self.message, Self.attempt]),
    Migration("scheduled messages", Self.scheduled),
  ]

  /// `phone` and `text` are sealed. `next_attempt_at` is the one time a queued message may next be
  /// claimed: its enqueuing, its back-off's end or, while `owner` tries it, its lease's end.
  /// `fence` grows with each claim; an owner that stalled beyond its lease can mark nothing.
  private static let message = """
    CREATE TABLE message (
      message_id $TEXT PRIMARY KEY,
      reference $TEXT NOT NULL,
      template_id $TEXT NOT NULL,
      template_version $INT NOT NULL,
      phone $BYTES NOT NULL,
      text $BYTES NOT NULL,
      segments $INT NOT NULL,
      enqueued_at $INT NOT NULL,
      state $TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'dead')),
      attempts $INT NOT NULL,
      failures $INT NOT NULL,
      next_attempt_at $INT NOT NULL,
      delivered_at $INT,
      last_error $TEXT NOT NULL,
      owner $TEXT NOT NULL,
      fence $INT NOT NULL,
      version $INT NOT NULL,
      CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
    ) $TABLE;
    CREATE INDEX message_due ON message (next_attempt_at, message_id) WHERE state = 'queued';
    CREATE INDEX message_owned ON message (owner) WHERE owner <> '';
    CREATE INDEX message_reference ON message (reference, message_id);
    CREATE INDEX message_dead ON message (message_id) WHERE state = 'dead';
    """

  /// A scheduled message waits as any other does: `next_attempt_at` is its time. One that ended
  /// unsent is `dead` to a release that knows no more, and `ended_as` says how.
  private static let scheduled = [
    "ALTER TABLE message ADD COLUMN not_before $INT;",
    "ALTER TABLE message ADD COLUMN not_after $INT;",
    "ALTER TABLE message ADD COLUMN schedule_key $TEXT;",
    "ALTER TABLE message ADD COLUMN ended_as $TEXT;",
    """
    CREATE INDEX message_schedule ON message (schedule_key)
      WHERE schedule_key IS NOT NULL AND state = 'queued';
    """,
  ]

  /// The ledger: one row a try, written before the gateway is called. `outcome` is `delivered`,
  /// `failed`, or `unknown` where a crash cut the try off; NULL while it runs.
  private static let attempt = """
    CREATE TABLE attempt (
      message_id $TEXT NOT NULL REFERENCES message (message_id),
      number $INT NOT NULL,
      gateway $TEXT NOT NULL,
      began_at $INT NOT NULL,
      ended_at $INT,
      outcome $TEXT CHECK (outcome IN ('delivered', 'failed', 'unknown')),
      error_code $TEXT,
      provider_id $TEXT,
      PRIMARY KEY (message_id, number)
    ) $TABLE;
    """
}
