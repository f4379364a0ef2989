import Testing
import Wire

@testable import anju

/// What an import reads of a file.
struct ImportLinesTests {
  /// A reader of a text that arrives so many bytes at a time.
  private static func reader(_ text: String, chunk: Int = .max) -> LineReader {
    var rest = Array(text.utf8)[...]
    return LineReader { max in
      let part = rest.prefix(min(chunk, max))
      rest = rest.dropFirst(part.count)
      return Array(part)
    }
  }

  private static func lines(_ text: String, chunk: Int = .max) throws -> [LineReader.Line] {
    var reader = Self.reader(text, chunk: chunk)
    var lines: [LineReader.Line] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  @Test(arguments: [1, 2, 3, 7, Int.max])
  func `lines are the same however the file arrives`(_ chunk: Int) throws {
    let wanted = ["a,b", "", "王,𬎆", "last"].map { LineReader.Line.bytes(Array($0.utf8)) }
    #expect(try Self.lines("a,b\r\n\n王,𬎆\nlast", chunk: chunk) == wanted)
    #expect(try Self.lines("a,b\r\n\n王,𬎆\nlast\n", chunk: chunk) == wanted)
    #expect(try Self.lines("", chunk: chunk) == [])
  }

  @Test(arguments: [1_000, Int.max])
  func `a line that is too long costs itself only`(_ chunk: Int) throws {
    let most = String(repeating: "x", count: LineReader.lineBytesMax)
    let lines = try Self.lines("\(most)\n\(most)y\nb\n\(most)y", chunk: chunk)
    #expect(lines == [.bytes(Array(most.utf8)), .tooLong, .bytes([0x62]), .tooLong])
  }

  static let rows: [(String, [String])] = [
    ("a,b,c", ["a", "b", "c"]), ("", [""]), (",", ["", ""]), (#""a,b",c"#, ["a,b", "c"]),
    (#""say ""yes""","#, [#"say "yes""#, ""]), (#""""#, [""]), ("𬎆,·", ["𬎆", "·"]),
  ]

  @Test(arguments: Self.rows)
  func `fields are read as RFC 4180 writes them`(_ line: String, _ fields: [String]) throws {
    #expect(try CSVLine.fields(Array(line.utf8)) == fields)
  }

  @Test(arguments: [#"a"b"#, #""a"b"#, #""a"#, #"a,"b,c"#])
  func `a quote that is out of place is told`(_ line: String) {
    #expect(throws: RowDefect("QUOTES_BROKEN")) { try CSVLine.fields(Array(line.utf8)) }
  }

  @Test func `text that is no UTF-8 is told`() {
    #expect(throws: RowDefect("NOT_UTF8")) { try CSVLine.fields([0x61, 0xFF]) }
  }

  private static let columns =
    "record,citizen_id,name,sex,ethnicity_code,household_division_code,household_detail,"
    + "division_code,detail"

  @Test func `batches have every row once, in its order, and those that cannot be read`() throws {
    let row = "registration,1,王,1,01,341224,路,330106,路"
    let text = [Self.columns, row, "", "registration,1", row, "person,1,王,1,01,1,1,1,1", row]
      .joined(separator: "\n")
    var lines = ImportLines(Self.reader(text))
    try lines.readHeader(of: "a.csv")
    var read: [Int] = []
    var defects: [String] = []
    while let batch = try lines.batch(max: 2) {
      #expect(batch.rows.count + batch.unreadable.count <= 2)
      read += batch.rows.map(\.line)
      defects += batch.unreadable.map { "\($0.line) \($0.reason ?? "")" }
    }
    #expect(read == [2, 5, 7])
    #expect(defects == ["4 COLUMNS_WRONG", "6 VALUE_UNKNOWN"])
  }

  @Test func `columns may stand in any order`() throws {
    var lines = ImportLines(
      Self.reader(
        "\u{FEFF}photo_sha256,kind,number," + Self.columns + "\n"
          + String(repeating: "a5", count: 32)
          + ",before_2016,7,permit,X,王,2,01,341224,路,330106,路"))
    try lines.readHeader(of: "a.csv")
    let row = try #require(try lines.batch(max: 9)?.rows.first?.row)
    guard case .permit(let request) = row else {
      Issue.record("it is no permit")
      return
    }
    #expect(request.kind == .before2016 && request.number == "7")
    #expect(request.photoSha256 == [UInt8](repeating: 0xA5, count: 32))
    #expect(request.holder?.sex == .female && request.holder?.citizenID == "X")
    #expect(request.residence?.divisionCode == "330106")
  }
}
