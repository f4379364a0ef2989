import Storage

// What officers' desks, the feed of their work and the statistics need.
extension ApprovalMigrations {
  /// Who holds a case, until when, and to whom it is given. `claim_number` only ever rises; an
  /// expired claim stands until somebody takes the case or the sweep writes it down.
  static let desks = [
    "ALTER TABLE approval_case ADD COLUMN claim_number $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE approval_case ADD COLUMN held_by $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN held_office $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN held_until $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE approval_case ADD COLUMN assigned_to $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN green_reason $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN green_due_at $INT;",
    "ALTER TABLE approval_case ADD COLUMN work_changes $INT NOT NULL DEFAULT 0;",
    """
    CREATE INDEX approval_case_held ON approval_case (held_until, case_id) WHERE held_by <> '';
    CREATE INDEX approval_case_holder ON approval_case (held_by) WHERE held_by <> '';
    """,
  ]

  /// `roles` are words between commas.
  static let duty = [
    """
    CREATE TABLE office_duty (
      office_code $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      roles $TEXT NOT NULL,
      PRIMARY KEY (office_code, officer_id)
    ) $TABLE;
    CREATE TABLE officer_absence (
      office_code $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      from_at $INT NOT NULL,
      until_at $INT NOT NULL,
      delegate_id $TEXT NOT NULL,
      PRIMARY KEY (office_code, officer_id)
    ) $TABLE;
    CREATE INDEX officer_absence_delegate ON officer_absence (office_code, delegate_id);
    """
  ]

  /// A row for each change of an office's work; `position` is NULL until it is sequenced.
  /// `office_to` has the case from then on, `office_from` had it before; the same where it stays.
  static let workChange = """
    CREATE TABLE work_change (
      case_id $TEXT NOT NULL,
      number $INT NOT NULL,
      office_from $TEXT NOT NULL,
      office_to $TEXT NOT NULL,
      state $TEXT NOT NULL,
      at $INT NOT NULL,
      position $INT,
      PRIMARY KEY (case_id, number)
    ) $TABLE;
    CREATE UNIQUE INDEX work_change_position ON work_change (position);
    CREATE INDEX work_change_to ON work_change (office_to, position) WHERE position IS NOT NULL;
    CREATE INDEX work_change_from ON work_change (office_from, position)
      WHERE position IS NOT NULL AND office_from <> office_to;
    CREATE INDEX work_change_waiting ON work_change (case_id, number) WHERE position IS NULL;
    """

  /// A row a day, county, kind, channel and measure, in as many parts as `shard` has values: so
  /// that two decisions at once seldom count in one row.
  static let statistic = """
    CREATE TABLE case_statistic (
      day $TEXT NOT NULL,
      division $TEXT NOT NULL,
      kind $TEXT NOT NULL,
      channel $TEXT NOT NULL,
      measure $TEXT NOT NULL,
      shard $INT NOT NULL,
      value $INT NOT NULL,
      PRIMARY KEY (day, division, kind, channel, measure, shard)
    ) $TABLE;
    """
}
