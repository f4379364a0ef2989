import CPostgres
import Storage

/// One line to the server: sends, waits with bounds, receives. Used by one thread; only its bell is
/// rung from others.
///
/// It is in libpq's pipeline mode from its first statement on: what is sent before a `flush` goes
/// out in one piece, so that a transaction begins with its first statement in one round trip.
final class Link {
  /// Rung by another thread when the statement that runs is no more wanted.
  let bell: Bell
  /// The connection was lost, and nothing more can be asked of it.
  private(set) var isBroken = false
  /// It works, but a statement was asked to stop, and the server may hear of that only when the
  /// next one runs: a new line must be used for that.
  private(set) var isSpent = false
  private var handle: OpaquePointer
  private let server: PostgresServer
  private let silenceMs: Int32
  private var values = BoundValues()
  /// Asked when the bell rings.
  private var isCancelled: (@Sendable () -> Bool)?

  /// Connects; throws `StorageError` with a sentence that names the server and what to do.
  init(
    to server: PostgresServer, _ options: PostgresOptions, bell: Bell = Bell()
  ) throws(StorageError) {
    self.server = server
    self.bell = bell
    self.silenceMs = options.silenceMs
    self.handle = try Self.connect(to: server, options)
    PQsetnonblocking(self.handle, 1)
    PQenterPipelineMode(self.handle)
  }

  deinit {
    PQfinish(self.handle)
  }

  /// The socket, for one who waits for more than an answer.
  var socket: Int32 { PQsocket(self.handle) }

  /// The server process that serves this line.
  var processID: Int32 { PQbackendPID(self.handle) }

  /// From now on `isCancelled` is asked when the bell rings; nil where nobody may cancel.
  func listenToBell(_ isCancelled: (@Sendable () -> Bool)?) {
    self.isCancelled = isCancelled
  }

  // MARK: Sending

  func prepare(_ name: String, _ text: String, types: [Oid]) throws {
    try self.check(PQsendPrepare(self.handle, name, text, Int32(types.count), types))
    try self.check(PQsendDescribePrepared(self.handle, name))
  }

  func execute(_ name: String, _ values: [SQLValue]) throws {
    let handle = self.handle
    try self.check(
      self.values.with(values) { count, pointers, lengths, formats in
        PQsendQueryPrepared(handle, name, count, pointers, lengths, formats, 1)
      })
  }

  /// A statement that is not worth keeping.
  func executeUnprepared(_ text: String) throws {
    try self.check(PQsendQueryParams(self.handle, text, 0, nil, nil, nil, nil, 1))
  }

  /// Ends the piece and sends all of it.
  func flush() throws {
    try self.check(PQpipelineSync(self.handle))
    while true {
      let code = PQflush(self.handle)
      if code == 0 { return }
      if code < 0 { throw self.lost() }
      try self.wait(toWrite: true)
    }
  }

  /// Several statements in one text, for schemas; each result is handed over.
  func script(_ text: String, _ take: (borrowing Answer) -> Void) throws {
    try self.check(PQexitPipelineMode(self.handle))
    defer { PQenterPipelineMode(self.handle) }
    try self.check(PQsendQuery(self.handle, text))
    while PQflush(self.handle) > 0 { try self.wait(toWrite: true) }
    while let answer = try self.next() { take(answer) }
  }

  // MARK: Receiving

  /// Hands over the results of all that was sent before the last `flush`; `take` gets the number of
  /// the command too, from 0. The rows of the commands `rowsOf` come one a result, so that a result
  /// of any length takes no more memory than one row.
  func receive(
    commands: Int, rowsOf: Range<Int>? = nil, _ take: (borrowing Answer, Int) -> Void
  ) throws {
    var command = 0
    if rowsOf?.contains(0) == true { PQsetSingleRowMode(self.handle) }
    while command <= commands {
      guard let answer = try self.next() else {
        command += 1
        if rowsOf?.contains(command) == true { PQsetSingleRowMode(self.handle) }
        continue
      }
      if answer.status == PGRES_PIPELINE_SYNC { return }
      take(answer, command)
    }
    throw self.lost()
  }

  private func next() throws -> Answer? {
    while PQisBusy(self.handle) != 0 {
      try self.wait(toWrite: false)
    }
    return PQgetResult(self.handle).map { Answer($0) }
  }

  /// Waits until there is something to read; a server that is silent for too long is lost.
  private func wait(toWrite: Bool) throws {
    let woken = Wakening.wait(
      socket: PQsocket(self.handle), toWrite: toWrite, bell: self.bell, atMostMs: self.silenceMs)
    if woken.isEmpty { throw self.lost("it was silent for \(self.silenceMs) ms") }
    if woken.contains(.bell) {
      self.bell.silence()
      if let isCancelled = self.isCancelled, isCancelled() { self.cancel() }
    }
    if woken.contains(.socket), PQconsumeInput(self.handle) == 0 { throw self.lost() }
  }

  /// Asks the server, on a line of its own, to stop the statement that runs.
  func cancel() {
    guard !self.isSpent, let request = PQgetCancel(self.handle) else { return }
    self.isSpent = true
    var complaint = [CChar](repeating: 0, count: 256)
    PQcancel(request, &complaint, Int32(complaint.count))
    PQfreeCancel(request)
  }

  /// Notices that the server has ended the line while nothing was asked of it. What is sent into
  /// such a line is lost; if a commit is part of it, nobody knows whether it was kept.
  func noticeEnd() {
    while Wakening.wait(socket: self.socket, bell: self.bell, atMostMs: 0).contains(.socket) {
      if PQconsumeInput(self.handle) == 0 { return self.declareBroken() }
    }
  }

  // MARK: Notifications

  /// Reads what has come without being asked for and hands over the notifications.
  func notifications(_ take: (_ payload: String, _ processID: Int32) -> Void) throws {
    if PQconsumeInput(self.handle) == 0 { throw self.lost() }
    while let notification = PQnotifies(self.handle) {
      take(
        notification.pointee.extra.map { String(cString: $0) } ?? "",
        notification.pointee.be_pid)
      PQfreemem(notification)
    }
    if PQstatus(self.handle) == CONNECTION_BAD { throw self.lost() }
  }

  // MARK: The end

  /// The server has said that it ends the connection.
  func declareBroken() {
    self.isBroken = true
  }

  private func check(_ code: Int32) throws {
    if code != 1 { throw self.lost() }
  }

  private func lost(_ reason: String? = nil) -> StorageError {
    self.isBroken = true
    let reason = reason ?? Self.firstLine(PQerrorMessage(self.handle))
    return .unavailable("\(self.server.name): the connection was lost: \(reason)")
  }
}
