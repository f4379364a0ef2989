import ApprovalCore
import CertificateRegistryCore
import Crypto
import DomainModel
import IntakeCore
import Logging
import NotificationCore
import Papers
import RPC
import ServiceCore
import ServiceKit
import Storage
import StorageSQLite
import Synchronization
import ToolKit

/// The four services' cores in this process, each over a store and keys of its own, calling one
/// another without a wire: what they write is what their servers write.
final class FourServices: Sendable {
  /// How long a background job rests that has thrown, in milliseconds.
  private static let jobPauseMs: Int64 = 100

  let clients: Services
  let stores: [ServiceName: SQLiteStore]
  private let jobs: [CoreJob]

  private init(clients: Services, stores: [ServiceName: SQLiteStore], jobs: [CoreJob]) {
    self.clients = clients
    self.stores = stores
    self.jobs = jobs
  }

  /// Does the services' background work until the task is cancelled.
  func work(by time: any TimeSource) async {
    await withDiscardingTaskGroup { group in
      for job in self.jobs {
        group.addTask {
          while !Task.isCancelled {
            // What it throws, it has logged; it begins again, as in a server.
            try? await job.run()
            try? await time.sleep(milliseconds: Self.jobPauseMs)
          }
        }
      }
    }
  }

  /// Lets go of the stores.
  func close() async {
    for store in self.stores.values { await store.close() }
  }

  /// The services over what `made` has for each of them.
  static func assemble(
    _ made: [ServiceName: Made], time: any TimeSource, logger: Logger
  ) throws -> FourServices {
    let lines = OwnLines()
    var jobs: [CoreJob] = []
    for (name, one) in made {
      let parts = CoreParts(
        store: one.store, sealer: one.keys.sealer, time: time, random: SecureRandom(),
        logger: logger)
      let service = try Self.assemble(name, one, parts) {
        lines.to($0).authorized(by: OwnToken(caller: Caller(service: name)))
      }
      var router = RPCRouter(identity: OwnCallers(), access: service.access, logger: logger)
      service.register(&router)
      lines.to(name).connect(try InProcessTransport(router, clock: time))
      jobs += service.jobs
    }
    return FourServices(
      clients: Services(
        intake: lines.intake, approval: lines.approval, notification: lines.notification,
        registry: lines.registry, tokens: OwnCallers()),
      stores: made.mapValues(\.store), jobs: jobs)
  }

  private struct Assembled {
    let access: AccessTable
    let jobs: [CoreJob]
    let register: (inout RPCRouter) -> Void
  }

  private static func assemble(
    _ name: ServiceName, _ made: Made, _ parts: CoreParts,
    _ peer: (ServiceName) -> any RPCChannel
  ) throws -> Assembled {
    let (keys, policy) = (made.keys, made.service.policy)
    let region = made.service.settings.policyRegion
    let rules = { try RegionRules(of: region, reading: policy.text) }
    switch name {
    case .intake:
      let rules = try rules()
      let core = IntakeAssembly(
        parts, index: keys.blindIndex,
        peers: IntakeAssembly.Peers(
          registry: peer(.registry), approval: peer(.approval), notification: peer(.notification)),
        data: IntakeAssembly.Data(
          region: rules, policies: try policy.policies(of: region),
          servicePoints: try ServicePointTable(
            text: policy.text("service_points.tsv"), divisions: rules.divisions,
            offices: rules.offices)),
        press: PaperPress(whenAskedOn: BlockingPool()))
      return Assembled(access: IntakeAssembly.access, jobs: core.jobs) { core.register(on: &$0) }
    case .approval:
      let core = try ApprovalAssembly(
        parts, peers: ApprovalAssembly.Peers(intake: peer(.intake), registry: peer(.registry)),
        rules: rules(), policies: policy.policies(of: region))
      return Assembled(access: ApprovalAssembly.access, jobs: core.jobs) { core.register(on: &$0) }
    case .notification:
      let core = NotificationAssembly(
        parts, index: keys.blindIndex, intake: peer(.intake),
        data: try NotificationAssembly.Data(reading: policy.text),
        gateway: SilentGateway(time: parts.time))
      return Assembled(access: NotificationAssembly.access, jobs: core.jobs) {
        core.register(on: &$0)
      }
    case .registry:
      guard let key = keys.signingKey else {
        throw CryptoError.keyUnreadable("the registry has no signing key")
      }
      let effects = RegistryEffects(
        blindIndex: keys.blindIndex,
        signer: try PooledSigner(key, keys.successions, on: BlockingPool()),
        checks: BlockingPool(), press: PaperPress(whenAskedOn: BlockingPool()),
        notification: peer(.notification), intake: peer(.intake))
      let core = RegistryAssembly(parts, effects, policy: RegistryPolicy(try rules()))
      return Assembled(access: RegistryAssembly.access, jobs: core.jobs) { core.register(on: &$0) }
    }
  }
}

/// What one service is made of.
struct Made: Sendable {
  let service: OfflineService
  let keys: KeyRing
  let store: SQLiteStore
}

/// The channels to all four.
private struct OwnLines {
  let intake = OwnLine()
  let approval = OwnLine()
  let notification = OwnLine()
  let registry = OwnLine()

  func to(_ service: ServiceName) -> OwnLine {
    switch service {
    case .intake: self.intake
    case .approval: self.approval
    case .notification: self.notification
    case .registry: self.registry
    }
  }
}

/// A channel to a service that is put together after those that call it.
private final class OwnLine: RPCChannel {
  private let transport = Mutex<InProcessTransport?>(nil)

  func connect(_ transport: InProcessTransport) {
    self.transport.withLock { $0 = transport }
  }

  private func connected() throws -> InProcessTransport {
    guard let transport = self.transport.withLock({ $0 }) else {
      throw ServiceError(code: .unavailable, message: "The service is not put together yet.")
    }
    return transport
  }

  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    try await self.connected().unary(method, request, options)
  }

  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    try await self.connected().streaming(method, options, body)
  }
}
