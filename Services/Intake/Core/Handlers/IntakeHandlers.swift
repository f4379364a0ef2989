import DomainModel
import Papers
import RPC
import ServiceCore
import Storage
import Wire

/// The intake service's RPCs, each in a file of its own.
struct IntakeHandlers: IntakeV1.IntakeService {
  let store: IntakeStore
  let once: AnswerOnce
  let announcer: ApplicationAnnouncer
  let registry: RegistryV1.CertificateRegistryServiceClient
  let region: RegionRules
  let policies: PolicyEditions
  let servicePoints: ServicePointTable
  /// The integrators that may declare residences in batches.
  let registrars: Set<String>
  let press: PaperPress
  let parts: CoreParts
  let uploads = CallSlots(.uploads)
  let downloads = CallSlots(.downloads)
  let watches = CallSlots(.watches)
  let feeds = CallSlots(.feeds)
  let batches = CallSlots(.batches)
  let exports = CallSlots(.exports)

  var time: any TimeSource { self.parts.time }

  /// Changes an application: loads it, asks what happens, and writes that with the messages it
  /// makes necessary. Returns it as it stands then.
  ///
  /// Throws `APPLICATION_NOT_FOUND` where the caller may not reach it, and what `decide` throws.
  func change(
    _ transaction: Transaction, _ id: ID<Application>, within reach: Reach, _ stamp: Stamp,
    _ decide: (Application) throws -> ApplicationStep
  ) throws -> Application {
    let before = try self.store.application(transaction, .id(id), within: reach)
    let step = try decide(before)
    try self.store.write(
      transaction,
      Step(
        from: before, to: step.next, step.event, telling: try self.announcer.messages(step)),
      stamp)
    return step.next
  }
}
