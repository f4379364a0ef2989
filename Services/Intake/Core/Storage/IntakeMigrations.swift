import Storage

/// The schema of the intake service, step by step.
enum IntakeMigrations {
  static let all = [
    Migration(
      "first permit",
      PersonDirectory.schema + History.schema + Inbox.schema + Outbox.schema + [
        Self.application, Self.afterSubmission, Self.material,
      ]),
    Migration("drafts expire", [Self.updatedAt]),
    Migration("guardians reach their wards' applications", [Self.guardian]),
    Migration("history keeps how an application stood", History.standingColumns),
    Migration("findings say what they rest on", [Self.findingFacts]),
    Migration("every kind of application", [Self.everyKind]),
    Migration("uploads outlive their streams", [Self.upload, Self.sharedBytes]),
    Migration("integrators watch all that they submitted", [Self.change]),
    Migration("integrators send batches", [Self.lead, Self.assent]),
    Migration("opinions are known and files are sealed", [Self.opinion, Self.caseFile]),
    Migration("the proof of service stays with the file", [Self.noticeDelivery]),
    Migration("applications are closed without a decision", [Self.closing]),
  ]

  /// The index that keeps numbers apart.
  static let numberUnique = "application_number_unique"
  /// The index that lets a person have one application of a kind in progress.
  static let oneOpenUnique = "application_one_of_kind"

  private static let application = """
    CREATE TABLE application (
      application_id $TEXT PRIMARY KEY,
      owner $TEXT NOT NULL,
      person_id $TEXT REFERENCES person (person_id),
      kind $TEXT NOT NULL,
      channel $INT NOT NULL,
      policy_version $TEXT NOT NULL,
      created_at $INT NOT NULL,
      version $INT NOT NULL,
      state $TEXT NOT NULL,
      changed_at $INT NOT NULL,
      progress_sequence $INT NOT NULL,
      notice_version $TEXT,
      assented_at $INT,
      form $BYTES,
      application_number $TEXT,
      submitted_at $INT,
      office_code $TEXT,
      office_name $TEXT,
      bureau_code $TEXT,
      acceptance_due_on $TEXT,
      acceptance_due_provisional $INT,
      accepted_at $INT,
      promise_due_on $TEXT,
      promise_due_provisional $INT,
      statute_due_on $TEXT,
      statute_due_provisional $INT,
      refused_at $INT,
      reconsideration_authority $TEXT,
      court $TEXT,
      completed_at $INT,
      certificate_identifier $TEXT,
      valid_to_on $TEXT
    ) $TABLE;
    CREATE INDEX application_owner ON application (owner, application_id);
    CREATE INDEX application_person ON application (person_id, application_id);
    CREATE UNIQUE INDEX application_number_unique ON application (application_number);
    CREATE UNIQUE INDEX application_one_open ON application (person_id)
      WHERE state IN ('submitted', 'supplement_needed', 'accepted');
    """

  /// `exclusive_kind` is the kind where the policy lets a person have one of it in progress at a
  /// time, else NULL: `application_one_of_kind`. Its states are `ApplicationState.open`, and a test
  /// compares them: a step of the schema never changes. All that is open before is of one kind.
  private static let everyKind = """
    DROP INDEX application_one_open;
    ALTER TABLE application ADD COLUMN exclusive_kind $TEXT;
    UPDATE application SET exclusive_kind = kind WHERE submitted_at IS NOT NULL;
    CREATE UNIQUE INDEX application_one_of_kind ON application (person_id, exclusive_kind)
      WHERE state IN ('submitted', 'supplement_needed', 'accepted');
    ALTER TABLE application ADD COLUMN entered_at_office $TEXT;
    CREATE INDEX application_entered ON application (entered_at_office, application_id);
    ALTER TABLE application ADD COLUMN entered_by_officer $TEXT;
    ALTER TABLE application ADD COLUMN entered_by_office $TEXT;
    ALTER TABLE application ADD COLUMN about_certificate $TEXT;
    ALTER TABLE application ADD COLUMN about_registration $TEXT;
    ALTER TABLE application ADD COLUMN completed_registration $TEXT;
    ALTER TABLE application ADD COLUMN withdrawal_requested_at $INT;
    ALTER TABLE application ADD COLUMN withdrawn_at $INT;
    """

  /// All of them NULL but where the applicant has died or has become local.
  private static let closing = """
    ALTER TABLE application ADD COLUMN closing_reason $TEXT;
    ALTER TABLE application ADD COLUMN closing_event_on $TEXT;
    ALTER TABLE application ADD COLUMN closing_recorded_at $INT;
    ALTER TABLE application ADD COLUMN closed_at $INT;
    """

  /// When anything was last changed, and the drafts by it.
  private static let updatedAt = """
    ALTER TABLE application ADD COLUMN updated_at $INT NOT NULL DEFAULT 0;
    UPDATE application SET updated_at = changed_at;
    CREATE INDEX application_draft ON application (updated_at) WHERE state = 'draft';
    """

  /// Whose ward the applicant is. Forms that were written before name nobody here: they are sealed.
  private static let guardian = """
    ALTER TABLE application ADD COLUMN guardian_id $TEXT;
    CREATE INDEX application_guardian ON application (guardian_id, application_id);
    """

  /// Notices and reasons stand under the step of the case that brought them.
  private static let afterSubmission = """
    CREATE TABLE application_finding (
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      rule $TEXT NOT NULL,
      passed $INT NOT NULL,
      met_on $TEXT,
      PRIMARY KEY (application_id, rule)
    ) $TABLE;
    CREATE TABLE application_notice (
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      sequence $INT NOT NULL,
      round $INT NOT NULL,
      notified_at $INT NOT NULL,
      supplemented_at $INT,
      PRIMARY KEY (application_id, sequence)
    ) $TABLE;
    CREATE TABLE application_reason (
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      sequence $INT NOT NULL,
      position $INT NOT NULL,
      code $TEXT NOT NULL,
      text $BYTES NOT NULL,
      PRIMARY KEY (application_id, sequence, position)
    ) $TABLE;
    """

  /// NULL in all four of an earlier release's findings, which say only whether a rule was met.
  private static let findingFacts = """
    ALTER TABLE application_finding ADD COLUMN result $TEXT;
    ALTER TABLE application_finding ADD COLUMN facts $BYTES;
    ALTER TABLE application_finding ADD COLUMN missing $TEXT;
    ALTER TABLE application_finding ADD COLUMN article $TEXT;
    """

  /// A row for each change of a submitted application; `position` is NULL until it is sequenced.
  /// What earlier releases changed begins the feed: each application as it stands.
  private static let change = """
    CREATE TABLE application_change (
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      version $INT NOT NULL,
      owner $TEXT NOT NULL,
      state $TEXT NOT NULL,
      at $INT NOT NULL,
      position $INT,
      PRIMARY KEY (application_id, version)
    ) $TABLE;
    CREATE UNIQUE INDEX application_change_position ON application_change (position);
    CREATE INDEX application_change_owner ON application_change (owner, position);
    CREATE INDEX application_change_waiting ON application_change (application_id, version)
      WHERE position IS NULL;
    INSERT INTO application_change (application_id, version, owner, state, at)
      SELECT application_id, version, owner, state, updated_at FROM application
      WHERE state <> 'draft';
    """

  /// What third parties report; `content` as it came.
  private static let lead = """
    CREATE TABLE lead (
      lead_id $TEXT PRIMARY KEY,
      owner $TEXT NOT NULL,
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      source $INT NOT NULL,
      content $BYTES NOT NULL,
      reported_at $INT NOT NULL,
      reminded_at $INT
    ) $TABLE;
    CREATE INDEX lead_person ON lead (person_id, reminded_at);
    CREATE INDEX lead_reported ON lead (reported_at);
    """

  /// How a person assented to an application that came in a batch; the notice and the instant stand
  /// with the application.
  private static let assent = """
    CREATE TABLE application_assent (
      application_id $TEXT PRIMARY KEY REFERENCES application (application_id),
      means $INT NOT NULL,
      record $TEXT NOT NULL
    ) $TABLE;
    """

  private static let opinion = """
    CREATE TABLE application_opinion (
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      position $INT NOT NULL,
      stage $TEXT NOT NULL,
      decision $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      signed_at $INT NOT NULL,
      PRIMARY KEY (application_id, position)
    ) $TABLE;
    """

  /// The hash of the record of an application that has ended.
  private static let caseFile = """
    CREATE TABLE case_file (
      application_id $TEXT PRIMARY KEY REFERENCES application (application_id),
      sealed_at $INT NOT NULL,
      sha256 $BYTES NOT NULL
    ) $TABLE;
    """

  /// `evidence` is 0 where the material is no evidence, so that the slot can be unique.
  private static let material = """
    CREATE TABLE material (
      material_id $TEXT PRIMARY KEY,
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      kind $INT NOT NULL,
      evidence $INT NOT NULL,
      media_type $TEXT NOT NULL,
      size_bytes $INT NOT NULL,
      sha256 $BYTES NOT NULL,
      uploaded_at $INT NOT NULL
    ) $TABLE;
    CREATE UNIQUE INDEX material_slot ON material (application_id, kind, evidence);
    CREATE TABLE material_piece (
      material_id $TEXT NOT NULL REFERENCES material (material_id),
      number $INT NOT NULL,
      bytes $BYTES NOT NULL,
      PRIMARY KEY (material_id, number)
    ) $TABLE;
    """

  /// What is on its way. Its pieces stand in `material_piece` under its id, which will be the
  /// material's.
  private static let upload = """
    CREATE TABLE upload (
      upload_id $TEXT PRIMARY KEY,
      application_id $TEXT NOT NULL REFERENCES application (application_id),
      sha256 $BYTES NOT NULL,
      size_bytes $INT NOT NULL,
      received_bytes $INT NOT NULL,
      touched_at $INT NOT NULL
    ) $TABLE;
    CREATE UNIQUE INDEX upload_content ON upload (application_id, sha256, size_bytes);
    CREATE INDEX upload_touched ON upload (touched_at);
    """

  /// Bytes may be there before their material, and outlive it where another needs them: NULL in
  /// `bytes_of` says that they stand under the material's own id, in `bytes_since` that they are as
  /// old as it is. An engine cannot drop a reference that has no name, so the pieces move.
  private static let sharedBytes = """
    ALTER TABLE material ADD COLUMN bytes_of $TEXT;
    ALTER TABLE material ADD COLUMN bytes_since $INT;
    CREATE INDEX material_bytes ON material (bytes_of);
    CREATE INDEX material_content ON material (application_id, sha256);
    CREATE TABLE material_piece_moved (
      material_id $TEXT NOT NULL,
      number $INT NOT NULL,
      bytes $BYTES NOT NULL,
      PRIMARY KEY (material_id, number)
    ) $TABLE;
    INSERT INTO material_piece_moved SELECT material_id, number, bytes FROM material_piece;
    DROP TABLE material_piece;
    ALTER TABLE material_piece_moved RENAME TO material_piece;
    """

  /// How a text about an application ended: no number, no text. `version` grows with each change of
  /// it.
  private static let noticeDelivery = """
    CREATE TABLE notice_delivery (
      message_id $TEXT PRIMARY KEY,
      application_id $TEXT NOT NULL,
      template_id $TEXT NOT NULL,
      template_version $INT NOT NULL,
      statutory $INT NOT NULL,
      state $TEXT NOT NULL,
      enqueued_at $INT NOT NULL,
      submitted_at $INT,
      ended_at $INT,
      last_error $TEXT NOT NULL,
      version $INT NOT NULL
    ) $TABLE;
    CREATE INDEX notice_delivery_application ON notice_delivery (application_id, message_id);
    """
}
