import Storage

/// The message queue's schema.
enum NotificationMigrations {
  /// All steps, oldest first; the list only grows at its end.
  static let all: [Migration] = [
    Migration("messages", Inbox.schema + History.schema + [Self.message, Self.attempt]),
    Migration("scheduled messages", Self.scheduled),
    Migration(
      "receipts, classes and recipients",
      Self.messageColumns + Self.ledger + [Self.recipient, Self.queue] + PersonDirectory.schema
        + Outbox.schema),
    // Claims read `message_turn`; each message paid for this one four times.
    Migration("no index by time alone", ["DROP INDEX message_due;"]),
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

  /// `stage` is the state where a release before knows no such state: to it, a message that a
  /// provider has taken is delivered. `turn` is 0 for a message that waits for its time, 1 for the
  /// one of its recipient and class that is being sent or tried again, 2 for those that wait behind
  /// that one: they stand in no index that a claim reads, so they cost nothing. `person_id` is the
  /// recipient, known from the first claim on. `in_doubt` is 1 while a provider may have the last
  /// try without our knowing, `told` once its case was told how it ended. Of what is older the
  /// classes are guessed, and nothing is statutory.
  private static let messageColumns = [
    "ALTER TABLE message ADD COLUMN message_class $TEXT NOT NULL DEFAULT 'result';",
    "ALTER TABLE message ADD COLUMN statutory $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE message ADD COLUMN operator $TEXT NOT NULL DEFAULT 'other';",
    "ALTER TABLE message ADD COLUMN message_key $TEXT;",
    "ALTER TABLE message ADD COLUMN stage $TEXT;",
    "ALTER TABLE message ADD COLUMN turn $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE message ADD COLUMN person_id $TEXT;",
    "ALTER TABLE message ADD COLUMN in_doubt $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE message ADD COLUMN duplicates $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE message ADD COLUMN submitted_at $INT;",
    "ALTER TABLE message ADD COLUMN ended_at $INT;",
    "ALTER TABLE message ADD COLUMN erased_at $INT;",
    "ALTER TABLE message ADD COLUMN told $INT NOT NULL DEFAULT 0;",
    "UPDATE message SET ended_at = COALESCE(delivered_at, enqueued_at) WHERE state <> 'queued';",
    "UPDATE message SET message_class = 'reminder' WHERE schedule_key IS NOT NULL;",
    "UPDATE message SET in_doubt = 1 WHERE state = 'queued' AND owner <> '';",
    """
    CREATE INDEX message_turn ON message (operator, message_class, next_attempt_at, message_id)
      WHERE state = 'queued' AND turn < 2;
    CREATE INDEX message_lane
      ON message (person_id, message_class, turn, next_attempt_at, message_id)
      WHERE state = 'queued' AND turn > 0;
    CREATE UNIQUE INDEX message_key_unique ON message (message_key) WHERE message_key IS NOT NULL;
    CREATE INDEX message_awaiting ON message (next_attempt_at, message_id)
      WHERE stage = 'submitted';
    CREATE INDEX message_ended ON message (ended_at, message_id)
      WHERE ended_at IS NOT NULL AND erased_at IS NULL;
    CREATE INDEX message_person ON message (person_id)
      WHERE person_id IS NOT NULL AND erased_at IS NULL;
    """,
  ]

  /// `stage` of a try is its `TryState` where a release before knows no such outcome. A receipt
  /// that comes before the answer to its submit waits in `early_receipt`.
  private static let ledger = [
    "ALTER TABLE attempt ADD COLUMN stage $TEXT;",
    """
    CREATE TABLE segment (
      message_id $TEXT NOT NULL,
      number $INT NOT NULL,
      position $INT NOT NULL,
      gateway $TEXT NOT NULL,
      provider_id $TEXT,
      state $TEXT NOT NULL,
      code $TEXT NOT NULL,
      receipt_at $INT,
      receipts $INT NOT NULL,
      PRIMARY KEY (message_id, number, position)
    ) $TABLE;
    CREATE INDEX segment_provider ON segment (provider_id, gateway) WHERE provider_id IS NOT NULL;
    CREATE TABLE early_receipt (
      receipt_id $IDENTITY,
      gateway $TEXT NOT NULL,
      provider_id $TEXT NOT NULL,
      state $TEXT NOT NULL,
      code $TEXT NOT NULL,
      at $INT NOT NULL,
      received_at $INT NOT NULL
    ) $TABLE;
    CREATE INDEX early_receipt_provider ON early_receipt (provider_id, gateway);
    CREATE INDEX early_receipt_received ON early_receipt (received_at);
    """,
  ]

  /// A recipient is a `person` whose sealed key is its number. `name` of a use names a class or, by
  /// its keyed hash, a text; a code is kept as its keyed hash.
  private static let recipient = """
    CREATE TABLE recipient_use (
      person_id $TEXT NOT NULL,
      name $TEXT NOT NULL,
      window_start $INT NOT NULL,
      used $INT NOT NULL,
      PRIMARY KEY (person_id, name)
    ) $TABLE;
    CREATE INDEX recipient_use_window ON recipient_use (window_start);
    CREATE TABLE preference (
      person_id $TEXT PRIMARY KEY,
      switched_off $TEXT NOT NULL,
      quiet_from $INT NOT NULL,
      quiet_to $INT NOT NULL,
      changed_at $INT NOT NULL,
      changed_by $TEXT NOT NULL
    ) $TABLE;
    CREATE TABLE phone_code (
      person_id $TEXT NOT NULL,
      principal $TEXT NOT NULL,
      code $BYTES NOT NULL,
      valid_to $INT NOT NULL,
      tries_left $INT NOT NULL,
      PRIMARY KEY (person_id, principal)
    ) $TABLE;
    CREATE INDEX phone_code_valid ON phone_code (valid_to);
    CREATE TABLE phone_proof (
      person_id $TEXT NOT NULL,
      principal $TEXT NOT NULL,
      proved_at $INT NOT NULL,
      PRIMARY KEY (person_id, principal)
    ) $TABLE;
    """

  /// `queue_count` is changed with each message's state, in several rows a name, so that writers of
  /// several replicas seldom meet.
  private static let queue = """
    CREATE TABLE queue_pause (
      message_class $TEXT PRIMARY KEY,
      paused_at $INT NOT NULL,
      paused_by $TEXT NOT NULL,
      reason $TEXT NOT NULL
    ) $TABLE;
    CREATE TABLE queue_count (
      name $TEXT NOT NULL,
      shard $INT NOT NULL,
      messages $INT NOT NULL,
      PRIMARY KEY (name, shard)
    ) $TABLE;
    INSERT INTO queue_count (name, shard, messages)
      SELECT message_class || ' ' || COALESCE(ended_as, state), 0, COUNT(*) FROM message
      GROUP BY message_class, COALESCE(ended_as, state);
    """
}
