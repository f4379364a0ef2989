import ArgumentParser

/// The columns of a file to import. `Tools/Anju/README.md` says what stands in each.
enum ImportColumn: String, CaseIterable {
  case record
  case citizenID = "citizen_id"
  case name, sex
  case ethnicityCode = "ethnicity_code"
  case householdDivisionCode = "household_division_code"
  case householdStreet = "household_street"
  case householdCommunity = "household_community"
  case householdDetail = "household_detail"
  case divisionCode = "division_code"
  case street, community, detail
  case kind, number, phone
  case photoSHA256 = "photo_sha256"
  case bureauCode = "bureau_code"
  case issuedOn = "issued_on"
  case validToOn = "valid_to_on"
  case declaredOn = "declared_on"
  case endedOn = "ended_on"
  case officeCode = "office_code"
  case workplace

  /// Those that a file has whatever it holds.
  static let needed: [ImportColumn] = [
    .record, .citizenID, .name, .sex, .ethnicityCode, .householdDivisionCode, .householdDetail,
    .divisionCode, .detail,
  ]
  /// Those of permits only.
  static let ofPermits: [ImportColumn] = [
    .kind, .number, .phone, .photoSHA256, .bureauCode, .issuedOn, .validToOn,
  ]
  /// Those of registrations only.
  static let ofRegistrations: [ImportColumn] = [.declaredOn, .endedOn, .officeCode, .workplace]
}

/// The first line of a file to import: which column stands where.
struct ImportHeader {
  private let columns: [ImportColumn]

  /// Reads it; throws one sentence that names everything that is wrong.
  init(_ line: [UInt8]?, of path: String) throws {
    // A mark of the byte order is what some programs begin a file with.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = line.map { $0.starts(with: mark) ? Array($0.dropFirst(mark.count)) : $0 }
    guard let names = try? bytes.map({ try CSVLine.fields($0) }) else {
      throw ValidationError("\(path) does not begin with a line of column names.")
    }
    let columns = names.compactMap(ImportColumn.init(rawValue:))
    let unknown = names.filter { ImportColumn(rawValue: $0) == nil }
    let missing = ImportColumn.needed.filter { !columns.contains($0) }.map(\.rawValue)
    let twice = Set(columns.filter { column in columns.count { $0 == column } > 1 })
    var problems: [String] = []
    if !unknown.isEmpty {
      problems.append("has unknown columns: \(unknown.joined(separator: ", "))")
    }
    if !missing.isEmpty { problems.append("lacks columns: \(missing.joined(separator: ", "))") }
    if !twice.isEmpty {
      problems.append("has twice: \(twice.map(\.rawValue).sorted().joined(separator: ", "))")
    }
    guard problems.isEmpty else {
      throw ValidationError("\(path) \(problems.joined(separator: "; ")).")
    }
    self.columns = columns
  }

  /// A line's row.
  func row(_ line: LineReader.Line) throws(RowDefect) -> ImportRow {
    guard case .bytes(let bytes) = line else { throw RowDefect("LINE_TOO_LONG") }
    let fields = try CSVLine.fields(bytes)
    guard fields.count == self.columns.count else { throw RowDefect("COLUMNS_WRONG") }
    return try ImportRow(Dictionary(zip(self.columns, fields), uniquingKeysWith: { $1 }))
  }
}
