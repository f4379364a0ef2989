import CPostgres
import Storage

/// One result of the server, given back to libpq when it is no more needed.
struct Answer: ~Copyable {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) {
    self.handle = handle
  }

  deinit {
    PQclear(self.handle)
  }

  var status: ExecStatusType { PQresultStatus(self.handle) }

  /// The command's own word: `COMMIT`, `ROLLBACK`, `INSERT 0 1`.
  var command: String { PQcmdStatus(self.handle).map { String(cString: $0) } ?? "" }

  /// How many rows the command inserted, updated or deleted; 0 for one that only reads.
  var changedCount: Int {
    guard let text = PQcmdTuples(self.handle), let status = PQcmdStatus(self.handle) else {
      return 0
    }
    // A SELECT counts the rows it found.
    return status[0] == Int8(bitPattern: UInt8(ascii: "S")) ? 0 : Int(String(cString: text)) ?? 0
  }

  /// The types of the statement's parameters, once it was described.
  var parameterTypes: [Oid] { (0..<PQnparams(self.handle)).map { PQparamtype(self.handle, $0) } }

  var rowCount: Int32 { PQntuples(self.handle) }

  var columnNames: [String] {
    (0..<PQnfields(self.handle)).map { index in
      PQfname(self.handle, index).map { String(cString: $0) } ?? ""
    }
  }

  /// What is wrong, in the five letters of the standard; nil where the server did not say it.
  var sqlState: String? { anju_pq_sqlstate(self.handle).map { String(cString: $0) } }

  /// What is wrong, as the server says it; may hold values (see `ServerFault`).
  var complaint: ServerFault.Complaint {
    ServerFault.Complaint(
      state: self.sqlState ?? "", message: Self.text(anju_pq_message(self.handle)),
      table: Self.text(anju_pq_table(self.handle)),
      column: Self.text(anju_pq_column(self.handle)),
      constraint: Self.text(anju_pq_constraint(self.handle)),
      source: Self.text(anju_pq_source(self.handle)))
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  /// The values of one row; throws for a column whose type the house does not use.
  func values(ofRow row: Int32, _ columns: RowColumns) throws -> [SQLValue] {
    var values: [SQLValue] = []
    values.reserveCapacity(columns.names.count)
    for index in 0..<PQnfields(self.handle) {
      if PQgetisnull(self.handle, row, index) != 0 {
        values.append(.null)
        continue
      }
      let start = UnsafeRawPointer(PQgetvalue(self.handle, row, index))
      let count = Int(PQgetlength(self.handle, row, index))
      let type = PQftype(self.handle, index)
      let bytes = UnsafeRawBufferPointer(start: start, count: count)
      guard let value = BinaryValue.decode(bytes, type: type) else {
        throw StorageError.undecodable(
          column: columns.names[Int(index)], expected: "an integer, text or bytes",
          found: "type \(type) of the server", sql: columns.sql)
      }
      values.append(value)
    }
    return values
  }
}
