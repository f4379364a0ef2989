/// The tables of what is printed, shown and looked at. A slip's `entrusted` and `code` are sealed.
/// A code that a holder shows is kept as its hash only.
enum ShowingSchema {
  static let tables = [Self.slip, Self.presentation, Self.provision]

  private static let slip = """
    CREATE TABLE slip (
      slip_number $TEXT PRIMARY KEY,
      permit_id $TEXT NOT NULL REFERENCES permit (permit_id),
      certificate_identifier $TEXT NOT NULL,
      printed_at $INT NOT NULL,
      station_code $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      shown_paper $TEXT NOT NULL,
      entrusted $BYTES,
      permit_status $TEXT NOT NULL,
      suspended_from_on $TEXT,
      code $BYTES NOT NULL,
      sha256 $BYTES NOT NULL
    ) $TABLE;
    CREATE INDEX slip_permit ON slip (permit_id, printed_at);
    """

  private static let presentation = """
    CREATE TABLE presentation (
      code_hash $BYTES PRIMARY KEY,
      permit_id $TEXT NOT NULL REFERENCES permit (permit_id),
      purpose $TEXT,
      created_at $INT NOT NULL,
      expires_at $INT NOT NULL,
      redeemed_by $TEXT,
      redeemed_at $INT
    ) $TABLE;
    CREATE INDEX presentation_permit ON presentation (permit_id, expires_at);
    CREATE INDEX presentation_age ON presentation (expires_at);
    """

  /// `permit_id` is empty where what was shown is no permit's.
  private static let provision = """
    CREATE TABLE provision (
      id $IDENTITY,
      at $INT NOT NULL,
      verifier $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      purpose $TEXT NOT NULL,
      division_code $TEXT NOT NULL,
      means $TEXT NOT NULL,
      permit_id $TEXT REFERENCES permit (permit_id),
      certificate_identifier $TEXT,
      reasons $TEXT NOT NULL
    ) $TABLE;
    CREATE INDEX provision_permit ON provision (permit_id, at);
    CREATE INDEX provision_age ON provision (at);
    """
}
