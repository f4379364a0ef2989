import Storage

/// Turns what the server complains of into `StorageError`, with a sentence that names the server
/// and says what to do about it.
enum ServerFault {
  /// What the server said. Its message may hold values where the class is 22 (data), so it is
  /// passed on only where it cannot.
  struct Complaint {
    var state: String
    var message = ""
    var table = ""
    var column = ""
    var constraint = ""
    /// The server's own function that complained.
    var source = ""
  }

  /// The error for a complaint about a statement.
  static func error(
    _ complaint: Complaint, server: PostgresServer, sql: String
  ) -> StorageError {
    switch complaint.state {
    case "23505", "23P01": .uniqueViolation(constraint: complaint.constraint)
    case "23503": .foreignKeyViolation
    case "23514": .checkViolation(constraint: complaint.constraint)
    case "23502": .notNullViolation(column: "\(complaint.table).\(complaint.column)")
    case "40001", "40P01": .serializationFailure
    case "25P02": .transactionFailed
    case let state where state.hasPrefix("22"):
      .statementInvalid("a value does not fit (SQLSTATE \(state))", sql: sql)
    case let state where state != "42501" && (state.hasPrefix("42") || state.hasPrefix("0A")):
      .statementInvalid(complaint.message, sql: sql)
    default: self.outage(complaint, server: server)
    }
  }

  /// The error for a complaint that is not about one statement: the server, its disk, its rights.
  static func outage(_ complaint: Complaint, server: PostgresServer) -> StorageError {
    let name = server.name
    let message = complaint.message.isEmpty ? "SQLSTATE \(complaint.state)" : complaint.message
    switch complaint.state {
    case "53100": return .full("\(name): its disk is full: make room; writes go on by themselves")
    case "53300":
      return .unavailable(
        "\(name): it has no connection left (\(message)): raise max_connections or the user's "
          + "limit, or lower store.writers and store.readers")
    case "55P03", "57014":
      return .busy("\(name): a statement waited or ran for too long (\(message))")
    case "25006":
      return .readOnly("\(name): it takes no writes; name the primary in store.host")
    case "42501":
      return .readOnly("\(name): \(message): give the user the right to")
    case "3D000":
      return .cannotOpen("\(name): there is no such database: create it, or name another one")
    case "3F000": return Self.noSchema(server)
    case "57P03":
      return .unavailable("\(name): it is starting or stopping: calls go on when it is ready")
    case let state where state.hasPrefix("28"):
      let place = server.passwordFile.map { "the password in \($0)" } ?? "the password in ~/.pgpass"
      return .cannotOpen(
        "\(name): it does not let the user in (\(message)): check the user, \(place), and the "
          + "server's pg_hba.conf")
    case "XX001", "XX002":
      return .corrupt("\(name): its data is damaged: restore it from a backup (\(message))")
    default:
      return .unavailable("\(name): \(message): look at the server and its log")
    }
  }

  static func noSchema(_ server: PostgresServer) -> StorageError {
    .cannotOpen(
      "\(server.name): there is no schema \(server.schema) that the user may use: create it, or "
        + "grant USAGE and CREATE on it")
  }

  /// Whether the server ends the connection with this complaint.
  static func endsConnection(_ state: String) -> Bool {
    state.isEmpty || state.hasPrefix("57P0") || state.hasPrefix("08")
      || state == "25P03" || state == "25P04"
  }
}
