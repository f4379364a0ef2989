import Storage
import Testing

@testable import StoragePostgres

/// What the five letters of the standard become; what cannot be made to happen here is told here.
@Suite struct ServerFaultTests {
  static let server = PostgresServer(host: "db.internal", database: "anju_intake", user: "anju")

  static let outages: [(state: String, told: String, kind: String)] = [
    ("53100", "disk is full", "full"), ("53300", "max_connections", "unavailable"),
    ("55P03", "waited or ran for too long", "busy"), ("57014", "too long", "busy"),
    ("25006", "takes no writes", "readOnly"), ("42501", "give the user the right", "readOnly"),
    ("3D000", "no such database", "cannotOpen"), ("3F000", "no schema public", "cannotOpen"),
    ("57P01", "look at the server", "unavailable"), ("57P03", "starting", "unavailable"),
    ("28P01", "pg_hba.conf", "cannotOpen"), ("28000", "pg_hba.conf", "cannotOpen"),
    ("08006", "look at the server", "unavailable"), ("58030", "look at", "unavailable"),
    ("XX001", "damaged", "corrupt"),
  ]

  @Test(arguments: outages)
  func `an outage names the server and what to do`(
    _ row: (state: String, told: String, kind: String)
  ) {
    let complaint = ServerFault.Complaint(state: row.state, message: "words of the server")
    let error = ServerFault.error(complaint, server: Self.server, sql: "SELECT 1")
    #expect(error.isOutage)
    #expect("\(Mirror(reflecting: error).children.first?.label ?? "")" == row.kind)
    #expect(error.description.contains(row.told), "\(error)")
    #expect(error.description.contains("db.internal:5432, database anju_intake, user anju"))
  }

  @Test func `broken rules and bad statements are no outage`() {
    func error(_ state: String) -> StorageError {
      ServerFault.error(
        ServerFault.Complaint(
          state: state, message: "value 330102199003077897", table: "permit", column: "kind",
          constraint: "permit_live"), server: Self.server, sql: "SELECT 1")
    }
    #expect(error("23505") == .uniqueViolation(constraint: "permit_live"))
    #expect(error("23P01") == .uniqueViolation(constraint: "permit_live"))
    #expect(error("23503") == .foreignKeyViolation)
    #expect(error("23514") == .checkViolation(constraint: "permit_live"))
    #expect(error("23502") == .notNullViolation(column: "permit.kind"))
    #expect(error("40001") == .serializationFailure)
    #expect(error("40P01") == .serializationFailure)
    #expect(error("25P02") == .transactionFailed)
    #expect(!error("22P02").description.contains("330102"))
    #expect(!error("22P02").isOutage && !error("42601").isOutage && !error("0A000").isOutage)
  }
}
