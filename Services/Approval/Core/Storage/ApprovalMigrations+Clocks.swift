import Storage

extension ApprovalMigrations {
  /// Timers and what they leave, pauses and extensions, and what new calendars moved.
  ///
  /// `timer_at` is derived, as `due_at` is; 0 is that of a case which nobody has looked at since
  /// this step. `clock_rows` says how many rows of these tables a case has, so that one without any
  /// is read without looking for them.
  static let clocks = Migration(
    "timers, pauses, extensions, alarms, moved due dates",
    [Self.columns, Self.indexes, Self.orders, Self.alarms, Self.parked].flatMap(\.self))

  private static let columns = [
    "ALTER TABLE approval_case ADD COLUMN timer_at $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE approval_case ADD COLUMN clock_rows $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE case_notice ADD COLUMN lapsed_at $INT;",
  ]

  private static let indexes = [
    """
    CREATE INDEX approval_case_timer ON approval_case (timer_at, case_id) WHERE is_closed = 0;
    """,
    """
    CREATE INDEX approval_case_provisional ON approval_case (case_id)
      WHERE is_closed = 0
        AND CASE WHEN accepted_at IS NULL THEN acceptance_provisional ELSE 0 END
          + promise_provisional + statute_provisional + stage_provisional > 0;
    """,
  ]

  private static let orders = [
    """
    CREATE TABLE case_pause (
      case_id $TEXT NOT NULL,
      number $INT NOT NULL,
      reason $TEXT NOT NULL,
      paused_at $INT NOT NULL,
      expected_until_on $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      note $BYTES NOT NULL,
      resumed_at $INT,
      PRIMARY KEY (case_id, number)
    ) $TABLE;
    """,
    """
    CREATE TABLE case_extension (
      case_id $TEXT NOT NULL,
      number $INT NOT NULL,
      days $INT NOT NULL,
      extended_at $INT NOT NULL,
      officer_id $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      note $BYTES NOT NULL,
      PRIMARY KEY (case_id, number)
    ) $TABLE;
    """,
  ]

  private static let alarms = [
    """
    CREATE TABLE case_alarm (
      case_id $TEXT NOT NULL,
      term $TEXT NOT NULL,
      due_on $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      raised_at $INT NOT NULL,
      is_open $INT NOT NULL,
      PRIMARY KEY (case_id, term, due_on)
    ) $TABLE;
    """,
    """
    CREATE INDEX case_alarm_office ON case_alarm (office_code, raised_at, case_id, term)
      WHERE is_open = 1;
    """,
    """
    CREATE INDEX case_alarm_open ON case_alarm (raised_at, case_id, term) WHERE is_open = 1;
    """,
    """
    CREATE TABLE due_date_move (
      case_id $TEXT NOT NULL,
      moved_at $INT NOT NULL,
      term $TEXT NOT NULL,
      from_on $TEXT NOT NULL,
      to_on $TEXT NOT NULL,
      calendar_version $TEXT NOT NULL,
      rule $TEXT NOT NULL,
      PRIMARY KEY (case_id, moved_at, term)
    ) $TABLE;
    """,
    """
    CREATE INDEX due_date_move_calendar ON due_date_move (calendar_version, moved_at, case_id, term);
    """,
    "CREATE INDEX due_date_move_at ON due_date_move (moved_at, case_id, term);",
  ]

  private static let parked = [
    """
    CREATE TABLE parked_timer (
      case_id $TEXT PRIMARY KEY,
      due_at $INT NOT NULL,
      failures $INT NOT NULL,
      reason $TEXT NOT NULL,
      retry_at $INT NOT NULL
    ) $TABLE;
    """,
    "CREATE INDEX parked_timer_failures ON parked_timer (failures, case_id);",
  ]
}
