import Crypto
import DomainModel
import PermitProof
import ServiceCore
import Storage

/// A permit or a registration with its history and its leaves.
///
/// Of a court's order that holds a permit it is told that there is one, for the holder is refused
/// by it. Its number and its words are the court's to tell: what a law has kept secret is in no
/// copy (个人信息保护法 Arts. 18(1) and 45(1)), and the registry is not told which orders are. With
/// them go the salts of the leaves that vouch for them, which would confirm a guess.
extension PersonExport {
  func registrationLines(
    _ snapshot: Snapshot, _ id: ID<Registration>
  ) throws -> [ExportLine] {
    let rows = try snapshot.rows(
      "SELECT * FROM registration WHERE registration_id = \(id)")
    let format = self.store.registrations.format
    let history = try self.history(snapshot, of: id.text) { bytes in
      (ExportFacts.json(try format.decode(bytes)), isHeld: false)
    }
    return try rows.map { row in
      try self.seals.line(
        "registration", row, named: id.text,
        [
          "address": .fields(["street", "community", "detail"]), "workplace": .text,
          "identity": .fields([
            "name", "ethnicity_code", "household_division_code", "household_street",
            "household_community", "household_detail",
          ]),
        ])
    } + history
  }

  func permitLines(_ snapshot: Snapshot, _ id: ID<Permit>) throws -> [ExportLine] {
    let rows = try snapshot.rows("SELECT * FROM permit WHERE permit_id = \(id)")
    let format = self.store.permits.format
    let history = try self.history(snapshot, of: id.text) { bytes in
      let permit = try format.decode(bytes)
      return (ExportFacts.json(permit), isHeld: !permit.standing.holds.isEmpty)
    }
    let permits = try rows.map { row in
      var line = try self.seals.line(
        "permit", row, named: id.text, ["document": .text, "phone": .text])
      let holds = try PermitRow.permit(row).standing.holds.count
      line.withhold("holds", telling: .integer(Int64(holds)))
      return line
    }
    return try permits + self.certificates(snapshot, of: id) + self.papers(snapshot, of: id)
      + self.owed(snapshot, of: id) + history
  }

  private func certificates(_ snapshot: Snapshot, of id: ID<Permit>) throws -> [ExportLine] {
    let past = try snapshot.rows(
      """
      SELECT * FROM past_certificate WHERE permit_id = \(id)
      ORDER BY superseded_at, certificate_identifier
      """)
    let earlier = try snapshot.rows("SELECT * FROM earlier_permit WHERE permit_id = \(id)")
    let keys = try snapshot.rows(
      "SELECT * FROM earlier_permit_key WHERE permit_id = \(id) ORDER BY key_id")
    return try past.map { row in
      try self.seals.line(
        "past_certificate", row, named: row.text("certificate_identifier"), ["document": .text])
    }
      + earlier.map {
        try self.seals.line("earlier_permit", $0, named: id.text, ["number": .text])
      }
      + keys.map { Self.withoutBlind("earlier_permit_key", $0) }
  }

  /// Slips and codes. Of whoever fetched a slip no more is told than its paper said.
  private func papers(_ snapshot: Snapshot, of id: ID<Permit>) throws -> [ExportLine] {
    let slips = try snapshot.rows(
      "SELECT * FROM slip WHERE permit_id = \(id) ORDER BY printed_at, slip_number")
    let codes = try snapshot.rows(
      "SELECT * FROM presentation WHERE permit_id = \(id) ORDER BY created_at, code_hash")
    return try slips.map { row in
      let name = try row.text("slip_number")
      var line = try self.seals.line("slip", row, named: name, ["code": .text])
      guard let bytes = try self.seals.opened("slip", "entrusted", of: row, named: name) else {
        return line
      }
      let fields = try FieldText.split(
        String(decoding: bytes, as: UTF8.self), into: 2, column: "entrusted")
      line.withhold(
        "entrusted",
        telling: .object([
          "name": .string(fields[0]),
          "citizen_id": .string(Masking.middle(of: fields[1], keepingFirst: 1, last: 1)),
        ]))
      return line
    } + codes.map { ExportLine("presentation", $0) }
  }

  /// Texts that have not been handed over yet.
  private func owed(_ snapshot: Snapshot, of id: ID<Permit>) throws -> [ExportLine] {
    guard let permit = try self.store.permits.find(snapshot, id) else { return [] }
    let lane = PermitTexts.lane(of: permit)
    let rows = try snapshot.rows("SELECT * FROM outbox WHERE lane = \(lane) ORDER BY id")
    let lanes = try snapshot.rows("SELECT * FROM outbox_lane WHERE key = \(lane)")
    return try rows.map { row in
      try self.seals.line(
        "outbox", row, named: row.text("idempotency_key"), ["payload": .bytes])
    } + lanes.map { ExportLine("outbox_lane", $0) }
  }

  /// The lines of an entity's history, each with how it stood; its leaves, each with what opens it;
  /// and who was told of them.
  private func history(
    _ snapshot: Snapshot, of entity: String,
    _ facts: ([UInt8]) throws -> (CanonicalJSON, isHeld: Bool)
  ) throws -> [ExportLine] {
    let rows = try snapshot.rows(
      "SELECT * FROM history WHERE entity = \(entity) ORDER BY sequence")
    var held: Set<Int> = []
    let lines = try rows.map { row in
      let sequence = try row.int("sequence")
      let name = "\(entity)/\(sequence)"
      var line = try self.seals.line("history", row, named: name, ["detail": .text])
      if let bytes = try self.seals.opened("history", "record", of: row, named: name) {
        let (json, isHeld) = try facts(bytes)
        line.tell(json, as: "record")
        if isHeld { held.insert(sequence) }
      }
      if Self.ordered.contains(try row.text("action")) {
        held.insert(sequence)
        line.withhold("detail")
      }
      return line
    }
    return try lines + self.leaves(snapshot, of: entity, withoutSalt: held)
  }

  /// What courts order.
  private static let ordered: Set<String> = ["place_hold", "release_hold"]

  private func leaves(
    _ snapshot: Snapshot, of entity: String, withoutSalt held: Set<Int>
  ) throws -> [ExportLine] {
    let rows = try snapshot.rows(
      "SELECT * FROM log_entry WHERE entity = \(entity) ORDER BY sequence")
    return try rows.flatMap { row in
      var line = ExportLine("log_entry", row)
      let opened = try self.store.log.opened(row)
      let record = opened.map {
        CanonicalJSON.string(String(decoding: $0.record.canonicalBytes, as: UTF8.self))
      }
      if held.contains(try row.int("sequence")) {
        line.withhold("salt")
      } else {
        line.tell(opened.map { .string(Hex.encode($0.salt.bytes)) }, as: "salt")
      }
      line.tell(record, as: "record")
      return try [line] + self.told(snapshot, of: row)
    }
  }

  private func told(_ snapshot: Snapshot, of row: Row) throws -> [ExportLine] {
    guard let leaf = try row.optionalInt("leaf_index") else { return [] }
    let division = try row.text("division_code")
    return try FeedProvisionTable.told(snapshot, leaf: leaf, in: division).map { told in
      ExportLine(
        "feed_provision",
        [
          "receiver": .string(told.receiver), "leaf_index": .integer(Int64(leaf)),
          "first_at": .integer(told.firstAt.milliseconds),
          "last_at": .integer(told.lastAt.milliseconds),
        ])
    }
  }
}
