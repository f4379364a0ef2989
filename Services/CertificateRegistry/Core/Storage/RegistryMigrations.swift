import Storage

/// The registry's schema.
enum RegistryMigrations {
  /// All steps, oldest first; the list only grows at its end.
  static let all: [Migration] = [
    Migration(
      "first permits",
      PersonDirectory.schema + Inbox.schema + Outbox.schema + History.schema
        + [Self.registration, Self.permit]),
    Migration("the permit's life", [Self.life, Self.pastCertificates] + History.standingColumns),
    Migration("the registration's life", [Self.registrationLife]),
    Migration("the log", LogTable.schema),
    Migration("the log for everybody", LogTable.lookups + [Self.revocations]),
    Migration("showing", ShowingSchema.tables),
    Migration("persons and imports", PersonEventTable.schema + EarlierPermitTable.schema),
    Migration("the platforms that are told", FeedTable.schema),
    Migration("the person's rights", SubjectSchema.steps + FeedProvisionTable.schema),
  ]

  /// The index that lets a case have one permit.
  static let permitOfCaseUnique = "permit_case"
  /// The index that lets a person have one live permit.
  static let permitLiveUnique = "permit_live"

  private static let registration = """
    CREATE TABLE registration (
      registration_id $TEXT PRIMARY KEY,
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      division_code $TEXT NOT NULL,
      address $BYTES NOT NULL,
      identity $BYTES NOT NULL,
      declared_on $TEXT NOT NULL,
      ended_on $TEXT,
      office_code $TEXT NOT NULL,
      recorded_at $INT NOT NULL,
      version $INT NOT NULL,
      CHECK (ended_on IS NULL OR ended_on >= declared_on)
    ) $TABLE;
    CREATE INDEX registration_person ON registration (person_id, declared_on, registration_id);
    """

  /// `document` and `phone` are sealed. Public keys stay, so that a permit can be verified whatever
  /// key signs today.
  private static let permit = """
    CREATE TABLE signing_key (
      key_id $TEXT PRIMARY KEY,
      public_key_pem $TEXT NOT NULL,
      first_used_at $INT NOT NULL
    ) $TABLE;
    CREATE TABLE permit (
      permit_id $TEXT PRIMARY KEY,
      certificate_identifier $TEXT NOT NULL,
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      application_id $TEXT NOT NULL,
      case_id $TEXT NOT NULL,
      division_code $TEXT NOT NULL,
      bureau_code $TEXT NOT NULL,
      issued_on $TEXT NOT NULL,
      valid_to_on $TEXT NOT NULL,
      issued_at $INT NOT NULL,
      cancelled_at $INT,
      policy_version $TEXT NOT NULL,
      key_id $TEXT NOT NULL REFERENCES signing_key (key_id),
      document $BYTES NOT NULL,
      signature $BYTES NOT NULL,
      phone $BYTES NOT NULL,
      version $INT NOT NULL,
      CHECK (valid_to_on > issued_on)
    ) $TABLE;
    CREATE UNIQUE INDEX permit_identifier ON permit (certificate_identifier);
    CREATE UNIQUE INDEX permit_case ON permit (case_id);
    CREATE UNIQUE INDEX permit_live ON permit (person_id) WHERE cancelled_at IS NULL;
    CREATE INDEX permit_person ON permit (person_id, permit_id);
    CREATE INDEX permit_application ON permit (application_id, permit_id);
    """

  /// What happens to a permit after its issue. `anchor_on` is empty where the years are counted
  /// from the day of issue. The index is the suspension timer's: it looks for full years that are
  /// over and not written down.
  private static let life = """
    ALTER TABLE permit ADD COLUMN kind $TEXT NOT NULL DEFAULT 'electronic';
    ALTER TABLE permit ADD COLUMN previous_identifier $TEXT;
    ALTER TABLE permit ADD COLUMN anchor_on $TEXT;
    ALTER TABLE permit ADD COLUMN lost_since $INT;
    ALTER TABLE permit ADD COLUMN pending_application $TEXT;
    ALTER TABLE permit ADD COLUMN pending_submitted_on $TEXT;
    ALTER TABLE permit ADD COLUMN pending_ended_on $TEXT;
    ALTER TABLE permit ADD COLUMN suspension_noted_from $TEXT;
    ALTER TABLE permit ADD COLUMN suspended_days $INT NOT NULL DEFAULT 0;
    ALTER TABLE permit ADD COLUMN holds $TEXT NOT NULL DEFAULT '';
    ALTER TABLE permit ADD COLUMN cancel_reason $TEXT;
    ALTER TABLE permit ADD COLUMN loaded_at $INT;
    CREATE INDEX permit_full_year ON permit (valid_to_on, permit_id)
      WHERE cancelled_at IS NULL AND suspension_noted_from IS NULL;
    """

  /// Certificates that others have taken the place of; `document` is sealed.
  private static let pastCertificates = """
    CREATE TABLE past_certificate (
      certificate_identifier $TEXT PRIMARY KEY,
      permit_id $TEXT NOT NULL REFERENCES permit (permit_id),
      document $BYTES NOT NULL,
      signature $BYTES NOT NULL,
      key_id $TEXT NOT NULL REFERENCES signing_key (key_id),
      superseded_at $INT NOT NULL
    ) $TABLE;
    CREATE INDEX past_certificate_permit ON past_certificate (permit_id);
    """

  /// What becomes of a registration; `workplace` is sealed, and empty where none was declared.
  private static let registrationLife = """
    ALTER TABLE registration ADD COLUMN workplace $BYTES;
    ALTER TABLE registration ADD COLUMN end_reason $TEXT;
    ALTER TABLE registration ADD COLUMN previous_registration_id $TEXT;
    ALTER TABLE registration ADD COLUMN reported_late $INT NOT NULL DEFAULT 0;
    """

  /// What finds the certificates that are not to be accepted, without a look at all the others.
  private static let revocations = """
    CREATE INDEX permit_cancelled ON permit (cancelled_at, permit_id)
      WHERE cancelled_at IS NOT NULL;
    CREATE INDEX permit_lost ON permit (lost_since, permit_id) WHERE lost_since IS NOT NULL;
    CREATE INDEX permit_suspended ON permit (suspension_noted_from, permit_id)
      WHERE suspension_noted_from IS NOT NULL;
    CREATE INDEX past_certificate_time ON past_certificate (superseded_at, certificate_identifier);
    """
}
