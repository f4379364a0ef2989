import DomainModel
import ServiceCore
import Storage

/// The intake service's database. A method that takes a transaction or a snapshot is a part of the
/// one closure of its caller; the others are whole transactions.
struct IntakeStore: EntityTable {
  /// Signalled by each commit that changed an application.
  static let topic: Topic = "application"

  let tables: ServiceTables
  let persons: PersonDirectory
  let sealed: SealedColumns
  let formats: Formats
  /// An office and all that is below it, by their codes.
  let officesBelow: @Sendable (_ office: String) -> [String]

  /// How what is stored is read and written where its format is the contract's, which storage does
  /// not know.
  struct Formats: Sendable {
    /// A stored form.
    var readForm: @Sendable ([UInt8]) throws -> FormInput
    /// An application as it stands, without its form, for its history.
    var record: @Sendable (Application) throws -> [UInt8]
  }

  /// The columns with personal data.
  struct SealedColumns: Sendable {
    let form: SealedColumn
    let reasonText: SealedColumn
    let facts: SealedColumn
    let piece: SealedColumn
    let lead: SealedColumn
  }

  init(
    _ database: any Store, sealer: any Sealer, index: any BlindIndex,
    formats: Formats, officesBelow: @escaping @Sendable (_ office: String) -> [String]
  ) {
    self.tables = ServiceTables(database, sealer: sealer)
    self.persons = PersonDirectory(sealer: sealer, index: index)
    self.sealed = SealedColumns(
      form: SealedColumn(sealer, table: "application", column: "form"),
      reasonText: SealedColumn(sealer, table: "application_reason", column: "text"),
      facts: SealedColumn(sealer, table: "application_finding", column: "facts"),
      piece: SealedColumn(sealer, table: "material_piece", column: "bytes"),
      lead: SealedColumn(sealer, table: "lead", column: "content"))
    self.formats = formats
    self.officesBelow = officesBelow
  }

  /// Says when to look again whether an application has changed.
  func changes(by time: any TimeSource) -> Changes {
    Changes(of: Self.topic, in: self.tables.store, by: time)
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try await self.tables.store.read(body)
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await self.tables.store.write(body)
  }

  func historyID(of application: Application) -> String { application.id.text }

  func standing(of application: Application) throws -> Standing? {
    Standing(
      state: application.state.rawValue, version: application.version,
      record: try self.formats.record(application))
  }
}

extension ApplicationEvent: HistoryEvent {}
