import DomainModel
import ServiceCore
import Storage

/// The registry's database. A method that takes a transaction or a snapshot is a part of the one
/// closure of its caller; the others are whole transactions.
///
/// Personal columns are sealed; persons are found by the blind index of their citizen number.
struct RegistryStore: Sendable {
  let tables: ServiceTables
  let persons: KnownPersons
  let registrations: RegistrationTable
  let permits: PermitTable
  /// What was printed on those that were imported.
  let earlier: EarlierPermitTable
  /// Every change of both, for the transparency log.
  let log: LogTable
  let signingKeys: SigningKeyTable
  /// Slips that were printed, codes that holders show, and who has looked.
  let slips: SlipTable
  let presentations = PresentationTable()
  let provisions = ProvisionTable()
  /// Decides what becomes of a permit.
  let machine: PermitMachine
  /// Decides what becomes of a registration.
  let registrationMachine: RegistrationMachine
  /// Decides what follows from an event of a person.
  let personMachine: PersonMachine

  /// The database over its parts.
  init(
    _ parts: CoreParts, index: any BlindIndex, policy: RegistryPolicy,
    format: (permits: PermitFormat, registrations: RegistrationFormat),
    signingKeys: SigningKeyTable
  ) {
    let tables = ServiceTables(parts)
    self.tables = tables
    self.persons = KnownPersons(sealer: parts.sealer, index: index)
    self.earlier = EarlierPermitTable(sealer: parts.sealer, index: index)
    let log = LogTable(
      tables.history, sealer: parts.sealer, signingKeys: signingKeys)
    self.registrations = RegistrationTable(
      tables, sealer: parts.sealer, format: format.registrations, log: log)
    self.permits = PermitTable(tables, sealer: parts.sealer, format: format.permits, log: log)
    self.log = log
    self.signingKeys = signingKeys
    self.slips = SlipTable(sealer: parts.sealer)
    let machine = PermitMachine(policy: policy)
    self.machine = machine
    self.personMachine = PersonMachine(permits: machine)
    self.registrationMachine = RegistrationMachine(policy: policy.settings)
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try await self.tables.store.read(body)
  }
}
