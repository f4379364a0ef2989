import ApprovalCore
import CertificateRegistryCore
import Crypto
import DomainModel
import IntakeCore
import NotificationCore
import Papers
import RPC
import ServiceCore
import Storage
import TestSupport

/// A service put together, whichever it is.
struct AssembledService: Sendable {
  let access: AccessTable
  let jobs: [CoreJob]
  let register: @Sendable (inout RPCRouter) -> Void
}

/// The data that the services go by, read once a process.
struct PolicyData: Sendable {
  let region: RegionRules
  let servicePoints: ServicePointTable
  let messages: NotificationAssembly.Data
  let press: PaperPress

  static let read = Result { try PolicyData() }

  private init() throws {
    self.region = try RegionRules(reading: PolicyTexts.text)
    self.servicePoints = try ServicePointTable(
      text: PolicyTexts.text("service_points.tsv"), divisions: self.region.divisions,
      offices: self.region.offices)
    self.messages = try NotificationAssembly.Data(reading: PolicyTexts.text)
    self.press = try PaperPress(on: InlinePool())
  }
}

extension ServiceName {
  /// The steps of the service's schema.
  var migrations: [Migration] {
    switch self {
    case .intake: IntakeAssembly.migrations
    case .approval: ApprovalAssembly.migrations
    case .registry: RegistryAssembly.migrations
    case .notification: NotificationAssembly.migrations
    }
  }

  /// The service over its parts, as its main wires it, for one run of its process.
  func assemble(
    _ parts: CoreParts, _ index: any BlindIndex, in world: SimulatedWorld, _ life: Life
  ) throws -> AssembledService {
    let data = try PolicyData.read.get()
    func peer(_ name: ServiceName) -> any RPCChannel {
      world.channel(to: name, from: life, as: Caller(service: self))
    }
    switch self {
    case .intake:
      let service = IntakeAssembly(
        parts, index: index,
        peers: IntakeAssembly.Peers(
          registry: peer(.registry), approval: peer(.approval), notification: peer(.notification)),
        data: IntakeAssembly.Data(
          region: data.region, policies: PolicyEditions(only: data.region.policy),
          servicePoints: data.servicePoints),
        press: data.press)
      return AssembledService(access: IntakeAssembly.access, jobs: service.jobs) {
        service.register(on: &$0)
      }
    case .approval:
      let service = try ApprovalAssembly(
        parts,
        peers: ApprovalAssembly.Peers(intake: peer(.intake), registry: peer(.registry)),
        rules: data.region, policies: PolicyEditions(only: data.region.policy))
      return AssembledService(access: ApprovalAssembly.access, jobs: service.jobs) {
        service.register(on: &$0)
      }
    case .registry:
      let effects = RegistryEffects(
        blindIndex: index, signer: DigestSigner(), checks: InlinePool(), press: data.press,
        notification: peer(.notification), intake: peer(.intake))
      var settings = RegistrySettings()
      // No signature of this signer verifies.
      settings.issuing.entriesMax = 0
      let service = RegistryAssembly(
        parts, effects, policy: RegistryPolicy(data.region), settings: settings)
      return AssembledService(access: RegistryAssembly.access, jobs: service.jobs) {
        service.register(on: &$0)
      }
    case .notification:
      let service = NotificationAssembly(
        parts, index: index, intake: peer(.intake), data: data.messages, gateway: world.gateway)
      return AssembledService(access: NotificationAssembly.access, jobs: service.jobs) {
        service.register(on: &$0)
      }
    }
  }
}

/// "Signs" by a digest: a real signature holds libcrypto's own randomness, which no seed reaches.
private struct DigestSigner: PermitSigner {
  let keyID = "simulated-1"
  let publicKeyPEM = "simulated"

  func sign(_ document: [UInt8]) async throws -> [UInt8] {
    try DigestAlgorithm.sm3.digest(document)
  }
}
