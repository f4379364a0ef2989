import DomainModel
import ServiceCore
import Storage

extension RegistrationTable {
  func written(
    _ transaction: Transaction, _ step: Step<Registration, Event>, as line: HistoryStep,
    _ stamp: Stamp
  ) throws {
    let registration = step.after
    try self.enterEarlier(transaction, of: registration, before: line.entry.sequence, stamp)
    let holder = try self.holder(transaction, of: registration.id)
    try self.enter(transaction, line, of: registration, holder, stamp)
  }

  /// What a registration's row says of its person. Throws `REGISTRATION_NOT_FOUND`.
  func holder(_ snapshot: Snapshot, of registration: ID<Registration>) throws -> LoggedHolder {
    let registered = try self.registered(snapshot, by: registration)
    return LoggedHolder(
      person: registered.person.text, values: try Self.fields(of: registered))
  }

  /// Enters the lines of a registration's history that earlier releases have written into no log;
  /// returns how many.
  @discardableResult
  func enterEarlier(
    _ transaction: Transaction, of registration: Registration, before sequence: Int,
    _ stamp: Stamp
  ) throws -> Int {
    let lines = try self.log.unentered(transaction, of: registration.id.text, before: sequence)
    for line in lines { try self.enter(transaction, line, of: registration, nil, stamp) }
    return lines.count
  }

  private func enter(
    _ transaction: Transaction, _ line: HistoryStep, of registration: Registration,
    _ holder: LoggedHolder?, _ stamp: Stamp
  ) throws {
    let change = LoggedChange(
      kind: .registration, line: line, divisionCode: registration.address.division,
      holder: holder)
    try self.log.append(transaction, change, stamp)
  }
}
