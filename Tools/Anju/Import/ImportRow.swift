import Crypto
import Wire

/// One row, as the request that imports it; the service judges its values.
enum ImportRow {
  case permit(RegistryV1.ImportPermitRequest)
  case registration(RegistryV1.RecordRegistrationRequest)

  private static let kinds: [String: RegistryV1.PermitKind] = [
    "ic_card": .icCard, "before_2016": .before2016, "temporary": .temporary,
  ]
  private static let sexes: [String: ModelV1.Sex] = ["1": .male, "2": .female]

  /// The row with these fields.
  init(_ fields: [ImportColumn: String]) throws(RowDefect) {
    let row = Fields(values: fields)
    switch row[.record] {
    case "permit":
      try row.refuse(ImportColumn.ofRegistrations)
      self = .permit(
        RegistryV1.ImportPermitRequest(
          kind: try row.choice(.kind, of: Self.kinds), number: row[.number],
          holder: try Self.identity(row), residence: Self.address(row), phone: row[.phone],
          photoSha256: try row.digest(.photoSHA256), bureauCode: row[.bureauCode],
          issuedOn: row[.issuedOn], validToOn: row[.validToOn]))
    case "registration":
      try row.refuse(ImportColumn.ofPermits)
      self = .registration(
        RegistryV1.RecordRegistrationRequest(
          person: try Self.identity(row), address: Self.address(row),
          declaredOn: row[.declaredOn], endedOn: row[.endedOn], officeCode: row[.officeCode],
          workplace: row[.workplace]))
    default: throw RowDefect("VALUE_UNKNOWN", at: ImportColumn.record.rawValue)
    }
  }

  /// What the row is about, as its column says.
  var record: String {
    switch self {
    case .permit: "permit"
    case .registration: "registration"
    }
  }

  /// Whose row it is: rows of one person are sent one after the other.
  var citizenID: String {
    switch self {
    case .permit(let request): request.holder?.citizenID ?? ""
    case .registration(let request): request.person?.citizenID ?? ""
    }
  }

  private static func identity(_ row: Fields) throws(RowDefect) -> ModelV1.Identity {
    ModelV1.Identity(
      citizenID: row[.citizenID], name: row[.name], sex: try row.choice(.sex, of: Self.sexes),
      ethnicityCode: row[.ethnicityCode],
      householdAddress: ModelV1.Address(
        divisionCode: row[.householdDivisionCode], street: row[.householdStreet],
        community: row[.householdCommunity], detail: row[.householdDetail]))
  }

  private static func address(_ row: Fields) -> ModelV1.Address {
    ModelV1.Address(
      divisionCode: row[.divisionCode], street: row[.street], community: row[.community],
      detail: row[.detail])
  }
}

/// The fields of a row by their columns; a column that the file has not is empty.
private struct Fields {
  let values: [ImportColumn: String]

  subscript(_ column: ImportColumn) -> String { self.values[column] ?? "" }

  func choice<Value>(
    _ column: ImportColumn, of words: [String: Value]
  ) throws(RowDefect) -> Value {
    guard let value = words[self[column]] else {
      throw RowDefect("VALUE_UNKNOWN", at: column.rawValue)
    }
    return value
  }

  /// A SHA-256 in hexadecimal digits.
  func digest(_ column: ImportColumn) throws(RowDefect) -> [UInt8] {
    guard let bytes = Hex.decode(self[column]), bytes.count == DigestAlgorithm.byteCount else {
      throw RowDefect("HASH_INVALID", at: column.rawValue)
    }
    return bytes
  }

  /// Columns of the other kind of row are empty.
  func refuse(_ columns: [ImportColumn]) throws(RowDefect) {
    if let column = columns.first(where: { !self[$0].isEmpty }) {
      throw RowDefect("FIELD_NOT_WANTED", at: column.rawValue)
    }
  }
}
