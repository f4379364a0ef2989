import Storage

/// The schema of the approval service. Only ever grows at its end.
///
/// `work_office`, `work_stage` and `due_at` are derived from the case by the code that writes it:
/// whose work it is now, and until when. They are there to be indexed.
enum ApprovalMigrations {
  static let all = [
    Migration(
      "cases, officers, opinions, notices",
      [Self.cases, Self.workIndexes, Self.files, Self.opinions]
        + Inbox.schema + Outbox.schema + History.schema),
    Migration("history keeps how a case stood", History.standingColumns),
    Migration("what a case is about, its effect on a registration, stages with terms", Self.kinds),
    Migration("who works on a case", Self.desks),
    Migration("who is there at an office", Self.duty),
    Migration("offices watch their work", [Self.workChange]),
    Migration("counted with each decision", [Self.statistic]),
    Self.clocks,
    Migration("cases are closed without a decision", Self.closure),
    Migration("courts hold cases", [Self.hold]),
    Migration("permits are inspected", InspectionTable.schema),
    Migration("both officers' findings are kept", InspectionTable.secondFindings),
    Migration("frauds are recorded", InspectionTable.creditSchema),
  ]

  private static let cases = """
    CREATE TABLE approval_case (
      case_id $TEXT PRIMARY KEY,
      application_id $TEXT NOT NULL,
      application_number $TEXT NOT NULL,
      kind $TEXT NOT NULL,
      channel $TEXT NOT NULL,
      policy_version $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      bureau_code $TEXT NOT NULL,
      submitted_at $INT NOT NULL,
      failed_rules $TEXT NOT NULL,
      state $TEXT NOT NULL,
      version $INT NOT NULL,
      round $INT NOT NULL,
      progress $INT NOT NULL,
      acceptance_on $TEXT NOT NULL,
      acceptance_provisional $INT NOT NULL,
      accepted_at $INT,
      promise_on $TEXT,
      promise_provisional $INT NOT NULL,
      statute_on $TEXT,
      statute_provisional $INT NOT NULL,
      certificate_identifier $TEXT,
      valid_to_on $TEXT,
      issued_at $INT,
      issue_refused $BYTES,
      is_closed $INT NOT NULL,
      work_office $TEXT NOT NULL,
      work_stage $TEXT NOT NULL,
      due_at $INT NOT NULL
    ) $TABLE;
    CREATE UNIQUE INDEX approval_case_application ON approval_case (application_id);
    """

  /// What other kinds than the first permit need. `work_office` is read since then.
  private static let kinds = [
    "ALTER TABLE approval_case ADD COLUMN about_certificate $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN about_registration $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN registration_id $TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE approval_case ADD COLUMN effects_count $INT NOT NULL DEFAULT 0;",
    "ALTER TABLE approval_case ADD COLUMN withdrawn_at $INT;",
    "ALTER TABLE approval_case ADD COLUMN stage_on $TEXT;",
    "ALTER TABLE approval_case ADD COLUMN stage_provisional $INT NOT NULL DEFAULT 0;",
  ]

  /// All of them NULL but of a case that was closed.
  private static let closure = [
    "ALTER TABLE approval_case ADD COLUMN closure_reason $TEXT;",
    "ALTER TABLE approval_case ADD COLUMN closure_event_on $TEXT;",
    "ALTER TABLE approval_case ADD COLUMN closed_at $INT;",
  ]

  /// A court's order that holds or held a case.
  private static let hold = """
    CREATE TABLE case_hold (
      case_id $TEXT NOT NULL,
      document_number $TEXT NOT NULL,
      court $TEXT NOT NULL,
      placed_at $INT NOT NULL,
      officer_id $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      release_number $TEXT,
      released_at $INT,
      release_officer_id $TEXT,
      release_office_code $TEXT,
      PRIMARY KEY (case_id, document_number)
    ) $TABLE;
    """

  private static let workIndexes = """
    CREATE INDEX approval_case_work ON approval_case (work_office, work_stage, due_at, case_id)
      WHERE is_closed = 0;
    CREATE INDEX approval_case_office ON approval_case (office_code, due_at, case_id)
      WHERE is_closed = 0;
    CREATE INDEX approval_case_bureau ON approval_case (bureau_code, due_at, case_id)
      WHERE is_closed = 0;
    CREATE INDEX approval_case_open ON approval_case (case_id) WHERE is_closed = 0;
    """

  private static let files = """
    CREATE TABLE case_file (
      case_id $TEXT PRIMARY KEY,
      form $BYTES NOT NULL,
      materials $BYTES NOT NULL,
      findings $BYTES NOT NULL
    ) $TABLE;
    """

  private static let opinions = """
    CREATE TABLE case_officer (
      case_id $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      role $TEXT NOT NULL,
      PRIMARY KEY (case_id, officer_id)
    ) $TABLE;
    CREATE TABLE opinion (
      case_id $TEXT NOT NULL,
      round $INT NOT NULL,
      stage $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      decision $TEXT NOT NULL,
      signed_at $INT NOT NULL,
      body $BYTES NOT NULL
    ) $TABLE;
    CREATE UNIQUE INDEX opinion_once ON opinion (case_id, round, stage);
    CREATE TABLE case_notice (
      case_id $TEXT NOT NULL,
      round $INT NOT NULL,
      stage $TEXT NOT NULL,
      notified_at $INT NOT NULL,
      supplemented_at $INT,
      PRIMARY KEY (case_id, round)
    ) $TABLE;
    """
}
