/// What a person's rights add to the tables: when somebody was erased, and who was given a copy of
/// everything. `person_id` of a look is empty where it was at a permit, and once he is erased.
enum SubjectSchema {
  static let steps = [
    """
    ALTER TABLE permit ADD COLUMN erased_at $INT;
    ALTER TABLE registration ADD COLUMN erased_at $INT;
    ALTER TABLE provision ADD COLUMN person_id $TEXT;
    ALTER TABLE provision ADD COLUMN reference $TEXT;
    CREATE INDEX provision_person ON provision (person_id, at) WHERE person_id IS NOT NULL;
    """
  ]
}
