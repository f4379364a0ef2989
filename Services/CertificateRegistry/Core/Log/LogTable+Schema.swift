extension LogTable {
  /// The tables, for a later migration of the registry. The leaf hashes of entries are the tree's
  /// level 0; `log_node` has what is above. `log_sequencer` has one row, which the first sequencer
  /// makes: the log's id, and who may sequence until when.
  static let schema = [
    """
    CREATE TABLE log_entry (
      id $IDENTITY,
      entity_kind $TEXT NOT NULL,
      entity $TEXT NOT NULL,
      sequence $INT NOT NULL,
      action $TEXT NOT NULL,
      at $INT NOT NULL,
      division_code $TEXT NOT NULL,
      certificate_identifier $TEXT,
      record $BYTES,
      leaf_hash $BYTES NOT NULL,
      leaf_index $INT
    ) $TABLE;
    CREATE UNIQUE INDEX log_entry_line ON log_entry (entity, sequence);
    CREATE UNIQUE INDEX log_entry_leaf ON log_entry (leaf_index);
    CREATE INDEX log_entry_unsequenced ON log_entry (id) WHERE leaf_index IS NULL;
    CREATE TABLE log_node (
      level $INT NOT NULL,
      node_index $INT NOT NULL,
      hash $BYTES NOT NULL,
      PRIMARY KEY (level, node_index)
    ) $TABLE;
    CREATE TABLE log_head (
      size $INT PRIMARY KEY,
      root $BYTES NOT NULL,
      at $INT NOT NULL,
      key_id $TEXT NOT NULL REFERENCES signing_key (key_id),
      signature $BYTES NOT NULL
    ) $TABLE;
    CREATE TABLE log_sequencer (
      name $TEXT PRIMARY KEY,
      log_id $TEXT NOT NULL,
      owner $TEXT NOT NULL,
      lease_until $INT NOT NULL,
      fence $INT NOT NULL,
      size $INT NOT NULL
    ) $TABLE;
    """
  ]

  /// What finds the entries about a certificate, for a later migration.
  static let lookups = [
    """
    CREATE INDEX log_entry_certificate ON log_entry (certificate_identifier, sequence)
      WHERE certificate_identifier IS NOT NULL;
    """
  ]
}
