/// What can go wrong between a service and its store. Texts name the file or server and what to do;
/// they never hold a bound value.
public enum StorageError: Error, Hashable, Sendable {
  /// A row broke a unique index; `constraint` is the index's name. An unnamed key is called as
  /// PostgreSQL calls it: `table_pkey`, `table_column_key`. Of several that a row breaks, the
  /// engine chooses which it tells.
  case uniqueViolation(constraint: String)
  /// A row refers to a row that is not there, or a row that is referred to was to go.
  case foreignKeyViolation
  /// A row broke a CHECK; the constraint's name. One without a name is told in the engine's own
  /// words: SQLite gives the expression, PostgreSQL a name of its own making.
  case checkViolation(constraint: String)
  /// A column (`table.column`) that must have a value got none.
  case notNullViolation(column: String)
  /// A column did not hold what the code expects; the value is withheld.
  case undecodable(column: String, expected: String, found: String, sql: String)
  /// A statement found more rows than it may.
  case tooManyRows(rowsMax: Int, sql: String)
  /// The statement cannot be run: a syntax error, an unknown table, a wrong number of bindings.
  case statementInvalid(String, sql: String)
  /// An earlier statement of this transaction failed, and the closure went on.
  case transactionFailed
  /// The engine rolled the whole transaction back while the closure ran.
  case transactionLost
  /// The transaction met another one and must run again; engines do so by themselves.
  case serializationFailure
  /// The store is locked by someone else.
  case busy(String)
  /// The disk is full.
  case full(String)
  /// The file or its folder may not be written.
  case readOnly(String)
  /// The file or server cannot be opened.
  case cannotOpen(String)
  /// The file is damaged or is no database.
  case corrupt(String)
  /// The disk or the connection failed.
  case unavailable(String)
  /// The store was closed.
  case closed
  /// The schema in the store is too new for this code, or not of its making.
  case schemaRefused(String)
  /// The keys at hand are not those under which the store's values are sealed.
  case keysRefused(String)

  /// Whether the store as a whole is at fault, not this statement: callers hear `UNAVAILABLE`.
  public var isOutage: Bool {
    switch self {
    case .busy, .full, .readOnly, .cannotOpen, .corrupt, .unavailable, .closed,
      .serializationFailure, .transactionLost:
      true
    case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .undecodable,
      .tooManyRows, .statementInvalid, .transactionFailed, .schemaRefused,
      .keysRefused:
      false
    }
  }
}

extension StorageError: CustomStringConvertible {
  /// A sentence for the log: what is wrong, where, and no bound value.
  public var description: String {
    switch self {
    case .uniqueViolation(let constraint): "a row breaks the unique index \(constraint)"
    case .foreignKeyViolation: "a row refers to a row that is not there"
    case .checkViolation(let constraint): "a row breaks the check \(constraint)"
    case .notNullViolation(let column): "\(column) got no value"
    case .undecodable(let column, let expected, let found, let sql):
      "column \(column) should hold \(expected) and holds \(found), in: \(sql)"
    case .tooManyRows(let rowsMax, let sql): "more than \(rowsMax) rows, in: \(sql)"
    case .statementInvalid(let reason, let sql): "\(reason), in: \(sql)"
    case .transactionFailed: "an earlier statement of this transaction failed"
    case .transactionLost: "the engine rolled the transaction back"
    case .serializationFailure: "the transaction met another one"
    case .closed: "the store is closed"
    case .busy(let text), .full(let text), .readOnly(let text), .cannotOpen(let text),
      .corrupt(let text), .unavailable(let text), .schemaRefused(let text), .keysRefused(let text):
      text
    }
  }
}
