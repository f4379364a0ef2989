import Testing
@testable import Storage

@Suite struct SQLTests {
  @Test func `interpolations bind`() {
    let name = "Robert'); DROP TABLE person;--"
    let statement: SQL = "SELECT 1 FROM person WHERE name = \(name) AND n IN \(values: [1, 2])"
    #expect(statement.text == "SELECT 1 FROM person WHERE name = ? AND n IN (?, ?)")
    #expect(statement.bindings == [.text(name), .integer(1), .integer(2)])
  }
}
