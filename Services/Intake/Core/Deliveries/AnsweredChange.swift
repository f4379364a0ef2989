import DomainModel
import RPC
import ServiceCore
import Storage

/// Changes an application by what a peer has answered, in the transaction that removes the message.
struct AnsweredChange: Sendable {
  let store: IntakeStore
  let announcer: ApplicationAnnouncer
  let random: any RandomSource

  /// Writes what `decide` says, with the messages it makes necessary; nothing where it says
  /// nothing. The instant is the transaction's own: the closure may run again, and reads no clock
  /// of ours. An answer that comes again finds the application at its end, and changes nothing.
  func callAsFunction(
    _ transaction: Transaction, _ id: ID<Application>, by peer: ServiceName,
    _ decide: (Application, Timestamp) throws -> ApplicationStep?
  ) throws {
    let now = try transaction.databaseNow()
    let before = try self.store.application(transaction, .id(id), within: .everything)
    if before.state.isFinal { return }
    guard let step = try decide(before, now) else { return }
    try self.store.write(
      transaction,
      Step(
        from: before, to: step.next, step.event, telling: try self.announcer.messages(step)),
      Stamp(Actor(Caller(service: peer)), at: now, random: self.random))
  }
}
