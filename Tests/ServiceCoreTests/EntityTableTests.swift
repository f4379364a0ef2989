import DomainModel
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing

/// Something that is lent and given back, as small as an entity can be.
private struct Book: Hashable, Sendable {
  var id: String
  var version: Int64 = 1
  var isLent = false
}

private enum BookEvent: HistoryEvent {
  case bought
  case lent(days: Int)
  case returned

  var action: String {
    switch self {
    case .bought: "bought"
    case .lent: "lent"
    case .returned: "returned"
    }
  }

  var detail: String {
    if case .lent(let days) = self { "\(days)" } else { "" }
  }
}

private struct Books: EntityTable {
  let tables: ServiceTables

  static let schema = [
    """
    CREATE TABLE book (
      book_id $TEXT PRIMARY KEY, version $INT NOT NULL, is_lent $INT NOT NULL
    ) $TABLE;
    """
  ]

  func historyID(of book: Book) -> String { book.id }

  func standing(of book: Book) -> Standing? {
    Standing(state: book.isLent ? "lent" : "here", version: book.version, record: [])
  }

  func save(_ transaction: Transaction, _ step: Step<Book, BookEvent>, _ stamp: Stamp) throws {
    let book = step.after
    guard let before = step.before else {
      try transaction.execute(
        "INSERT INTO book (book_id, version, is_lent) VALUES (\(book.id), \(book.version), 0)")
      return
    }
    try transaction.update(
      """
      UPDATE book SET version = \(book.version), is_lent = \(book.isLent)
      WHERE book_id = \(book.id) AND version = \(before.version)
      """)
  }

  func book(_ snapshot: Snapshot, _ id: String) throws -> Book {
    let row = try snapshot.row("SELECT version, is_lent FROM book WHERE book_id = \(id)")
    guard let row else { throw ServiceError(.messageNotFound) }
    return Book(id: id, version: try row.int64("version"), isLent: try row.bool("is_lent"))
  }

  /// What becomes of a book, and the message that tells the reader.
  static func steps(of book: Book, _ events: [BookEvent]) -> [Step<Book, BookEvent>] {
    Step<Book, BookEvent>.chain(from: book, through: events) { book, event in
      var next = book
      next.version += 1
      if case .lent = event { next.isLent = true } else { next.isLent = false }
      let message = OutboxMessage(
        lane: "book:\(book.id)", destination: "reader", method: "/books/\(event.action)",
        payload: [], idempotencyKey: "book-\(book.id)-version-\(next.version)")
      return Step(from: book, to: next, event, telling: [message])
    }
  }
}

struct EntityTableTests {
  private let store: SQLiteStore
  private let books: Books
  private let stamp: Stamp

  init() async throws {
    let clock = FakeClock()
    let random = SeededRandom()
    self.store = try SQLiteStore(.memory, time: clock, logger: RecordedLogs().logger())
    let schema = Outbox.schema + History.schema + History.standingColumns + Books.schema
    try await Migrator([Migration("books", schema)]).migrate(self.store, now: clock.now())
    self.books = Books(
      tables: ServiceTables(self.store, sealer: TestSeals(random: random).sealer))
    self.stamp = Stamp(
      Actor(principal: "officer:7", role: "review", office: "330100000000"), at: clock.now(),
      random: random)
  }

  private func buy(_ id: String) async throws {
    try await self.store.write { transaction in
      try self.books.write(
        transaction, Step(from: nil, to: Book(id: id), BookEvent.bought), self.stamp)
    }
  }

  @Test func `each step has its row, its line, its standing and its messages`() async throws {
    try await self.buy("b1")
    let (book, lines, standing, owed) = try await self.store.write { transaction in
      let before = try self.books.book(transaction, "b1")
      try self.books.write(
        transaction, Books.steps(of: before, [.lent(days: 14), .returned]), self.stamp)
      let history = self.books.tables.history
      return (
        try self.books.book(transaction, "b1"),
        try history.entries(transaction, of: "b1"),
        try transaction.rows("SELECT state, version FROM history ORDER BY sequence").map {
          "\(try $0.text("state")) \(try $0.int("version"))"
        },
        try transaction.rows("SELECT method FROM outbox ORDER BY method").map {
          try $0.text("method")
        }
      )
    }
    #expect(book == Book(id: "b1", version: 3, isLent: false))
    #expect(lines.map(\.action) == ["bought", "lent", "returned"])
    #expect(lines.map(\.detail) == ["", "14", ""])
    #expect(lines.allSatisfy { $0.actor == "officer:7" && $0.role == "review" })
    #expect(lines.allSatisfy { $0.office == "330100000000" && $0.at == self.stamp.now })
    #expect(standing == ["here 1", "lent 2", "here 3"])
    #expect(owed == ["/books/lent", "/books/returned"])
  }

  @Test func `a step from a version that is no more makes the closure run again`() async throws {
    try await self.buy("b1")
    let runs = Progress()
    let stale = Book(id: "b1", version: 0)
    let after = try await self.store.write { transaction in
      runs.step()
      // The first run has loaded what somebody else has changed since.
      let before = runs.count == 1 ? stale : try self.books.book(transaction, "b1")
      let steps = Books.steps(of: before, [.lent(days: 7)])
      try self.books.write(transaction, steps, self.stamp)
      return try self.books.book(transaction, "b1")
    }
    #expect(runs.count == 2)
    #expect(after == Book(id: "b1", version: 2, isLent: true))
    let lines = try await self.store.read { try self.books.tables.history.entries($0, of: "b1") }
    #expect(lines.map(\.action) == ["bought", "lent"])
  }

  @Test func `what lies beyond reach is told apart from what is nowhere`() async throws {
    for id in ["b1", "b2"] { try await self.buy(id) }
    try await self.store.read { snapshot in
      let reached = { (reach: OfficeReach) in
        try snapshot.rows(
          """
          SELECT book_id FROM book
          WHERE \(sql: reach.condition(on: "book_id", or: "book_id")) AND version = 1
          ORDER BY book_id
          """
        ).map { try $0.text("book_id") }
      }
      #expect(try reached(.everything) == ["b1", "b2"])
      #expect(try reached(.offices(["b2", "b3"])) == ["b2"])
      #expect(try reached(.offices([])).isEmpty)
      #expect(OfficeReach.everything.includes("b1"))
      #expect(OfficeReach.offices(["b2", "b3"]).includes("b1", "b2"))
      #expect(!OfficeReach.offices(["b2", "b3"]).includes("b1"))
      try OfficeReach.everything.refuseHidden(snapshot, "SELECT 1 FROM book")
      try OfficeReach.offices([]).refuseHidden(
        snapshot, "SELECT 1 FROM book WHERE book_id = \("nowhere")")
      let error = #expect(throws: ServiceError.self) {
        try OfficeReach.offices([]).refuseHidden(snapshot, "SELECT 1 FROM book")
      }
      #expect(error?.reason == "OFFICER_WRONG_OFFICE")
    }
  }
}
