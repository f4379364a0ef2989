import ArgumentParser

/// The rows of a file to import, a few at a time.
struct ImportLines {
  /// Rows that are sent together.
  struct Batch {
    let firstLine: Int
    var rows: [Importer.Numbered] = []
    /// Rows between them that cannot be read.
    var unreadable: [RowOutcome] = []
  }

  private var lines: LineReader
  private var line = 0
  private var header: ImportHeader?

  /// The rows of lines.
  init(_ lines: LineReader) {
    self.lines = lines
  }

  /// Reads the first line; throws one sentence that says what is wrong with it.
  mutating func readHeader(of path: String) throws {
    var first: [UInt8]?
    if case .bytes(let bytes) = try self.next() { first = bytes }
    self.header = try ImportHeader(first, of: path)
  }

  /// Passes over lines until the next one is this one.
  mutating func pass(before line: Int) throws {
    while self.line < line - 1, try self.next() != nil {}
  }

  /// The next rows, at most `max`; nil after the last one. Empty lines are none.
  mutating func batch(max: Int) throws -> Batch? {
    var batch = Batch(firstLine: self.line + 1)
    while batch.rows.count + batch.unreadable.count < max, let line = try self.next() {
      if line == .bytes([]) { continue }
      do {
        guard let row = try self.header?.row(line) else { break }
        batch.rows.append(Importer.Numbered(line: self.line, row: row))
      } catch {
        batch.unreadable.append(RowOutcome(line: self.line, error))
      }
    }
    return batch.rows.isEmpty && batch.unreadable.isEmpty ? nil : batch
  }

  private mutating func next() throws -> LineReader.Line? {
    guard let line = try self.lines.next() else { return nil }
    self.line += 1
    return line
  }
}
