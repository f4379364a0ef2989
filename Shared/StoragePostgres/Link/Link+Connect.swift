import CPostgres
import Glibc
import Storage

extension Link {
  /// What connecting ended with.
  private enum End {
    case connected
    case failed(StorageError)
  }

  /// Connects to the first of the hosts that takes writes. Throws the last host's error.
  static func connect(
    to server: PostgresServer, _ options: PostgresOptions
  ) throws(StorageError) -> OpaquePointer {
    var last = StorageError.cannotOpen("\(server.name): no host is named")
    for host in server.host.split(separator: ",") {
      var one = server
      one.host = String(host)
      do {
        return try Self.connectOne(one, options)
      } catch {
        last = error
      }
    }
    throw last
  }

  private static func connectOne(
    _ server: PostgresServer, _ options: PostgresOptions
  ) throws(StorageError) -> OpaquePointer {
    let words = try Self.words(server, options)
    guard let handle = Self.start(words) else {
      throw .unavailable("\(server.name): no memory for a connection")
    }
    // Else the five letters of the error are not to be had, and its text is in the server's tongue.
    PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE)
    anju_pq_tell_no_notices(handle)
    switch Self.finishConnecting(handle, server, options) {
    case .connected: return handle
    case .failed(let error):
      PQfinish(handle)
      throw error
    }
  }

  /// A statement is planned once and keeps its plan whatever its values, and is never compiled: to
  /// plan or to compile a search by an index costs more than the search.
  private static let planning = "-c plan_cache_mode=force_generic_plan -c jit=off"

  private static func words(
    _ server: PostgresServer, _ options: PostgresOptions
  ) throws(StorageError) -> [(String, String)] {
    var words = [
      ("host", server.host), ("port", "\(server.port)"), ("dbname", server.database),
      ("user", server.user), ("sslmode", server.tls.rawValue), ("gssencmode", "disable"),
      ("client_encoding", "UTF8"), ("application_name", "anju"), ("options", Self.planning),
      ("target_session_attrs", "read-write"), ("keepalives_idle", "10"),
      ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "\(options.unacknowledgedMs)"),
    ]
    if let roots = server.tlsRoots { words.append(("sslrootcert", roots)) }
    if let file = server.passwordFile { words.append(("password", try PasswordFile.read(file))) }
    return words
  }

  /// Begins to connect. A database called `dbname=…` is not read as further words: expansion is
  /// off.
  private static func start(_ words: [(String, String)]) -> OpaquePointer? {
    let copies = words.map { (strdup($0.0), strdup($0.1)) }
    defer {
      for copy in copies {
        free(copy.0)
        free(copy.1)
      }
    }
    let names = copies.map { UnsafePointer($0.0) } + [nil]
    let values = copies.map { UnsafePointer($0.1) } + [nil]
    return PQconnectStartParams(names, values, 0)
  }

  private static func finishConnecting(
    _ handle: OpaquePointer, _ server: PostgresServer, _ options: PostgresOptions
  ) -> End {
    let bell = Bell()
    let milliseconds = Int32(clamping: options.connectSeconds * 1_000)
    var step = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    // Each address of the host is some twenty steps; a server that begins anew for ever is left.
    for _ in 0..<1_000 {
      if step == PGRES_POLLING_OK { return .connected }
      if step == PGRES_POLLING_FAILED { return .failed(Self.refusal(handle, server)) }
      let woken = Wakening.wait(
        socket: PQsocket(handle), toWrite: step == PGRES_POLLING_WRITING, bell: bell,
        atMostMs: milliseconds)
      if woken.isEmpty { break }
      step = PQconnectPoll(handle)
    }
    return .failed(
      .unavailable("\(server.name): no answer within \(options.connectSeconds) s: is it there?"))
  }

  /// Why it could not connect. What libpq says ends with the five letters if the server said it.
  private static func refusal(_ handle: OpaquePointer, _ server: PostgresServer) -> StorageError {
    let text = Self.firstLine(PQerrorMessage(handle))
    let word = text.split(separator: " ").last.map(String.init) ?? ""
    if word.utf8.count == 5, word.utf8.allSatisfy(Self.isOfState) {
      return ServerFault.outage(ServerFault.Complaint(state: word), server: server)
    }
    if PQconnectionNeedsPassword(handle) != 0 {
      return ServerFault.outage(
        ServerFault.Complaint(state: "28P01", message: "it asks for a password"), server: server)
    }
    return .cannotOpen("\(server.name): \(text): is the server there, and does it take writes?")
  }

  private static func isOfState(_ letter: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter)
  }

  static func firstLine(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "" }
    let line = String(cString: text).prefix { $0 != "\n" }
    return line.hasSuffix(" ") ? String(line.dropLast()) : String(line)
  }
}
