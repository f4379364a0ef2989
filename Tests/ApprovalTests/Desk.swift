import Crypto
import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// The approval service in this process, over a store in memory, between a fake intake, a fake
/// registry and fake platforms.
struct Desk: Sendable {
  let clock: FakeClock
  let random: SeededRandom
  let logs = RecordedLogs()
  let intake = FakeIntake()
  let registry = FakeRegistry()
  let platforms: [FakePlatform]
  let dataKey: SecretKey
  let store: any Store
  let assembly: ApprovalAssembly
  let channel: any RPCChannel
  let client: ApprovalV1.ApprovalServiceClient

  /// The policies are the one in force and its earlier versions; unless told, those of the rules,
  /// which are Zhejiang's unless told. With another desk, its process again, over another store.
  init(
    policies: PolicyEditions? = nil, again desk: Desk? = nil, over other: (any Store)? = nil,
    clock: FakeClock? = nil, rules: RegionRules? = nil, migrates: Bool = true,
    platforms: [FakePlatform]? = nil
  ) async throws {
    let rules = try rules ?? RegionRules(reading: PolicyTexts.text)
    self.clock = clock ?? desk?.clock ?? FakeClock()
    self.random = desk?.random ?? SeededRandom(seed: 7)
    let logger = self.logs.logger()
    self.store = try other ?? Self.memory(self.clock, logger)
    if migrates {
      try await Migrator(ApprovalAssembly.migrations).migrate(self.store, now: self.clock.now())
    }
    let made = SecretKey(id: "desk-data", bytes: self.random.bytes(SecretKey.byteCount))
    self.dataKey = try desk?.dataKey ?? #require(made)
    self.platforms =
      platforms ?? desk?.platforms ?? [FakePlatform("population"), FakePlatform("zhejiang")]
    let told = try self.platforms.map { [clock = self.clock] in try $0.platform(clock) }
    self.assembly = try ApprovalAssembly(
      CoreParts(
        store: self.store, sealer: AESGCMSealer(current: self.dataKey, random: self.random),
        time: self.clock, random: self.random, logger: logger),
      peers: ApprovalAssembly.Peers(
        intake: try Self.channel(
          to: self.intake.register, IntakeV1.CaseProgressServiceMethods.all, self.clock),
        registry: try Self.channel(
          to: self.registry.register, FakeRegistry.methods, self.clock),
        platforms: told),
      rules: rules, policies: policies ?? PolicyEditions(only: rules.policy))
    var router = RPCRouter(
      identity: TestIdentity(), access: ApprovalAssembly.access, logger: logger)
    self.assembly.register(on: &router)
    self.channel = try InProcessTransport(router, clock: self.clock)
    self.client = ApprovalV1.ApprovalServiceClient(self.channel)
  }

  private static func memory(_ clock: FakeClock, _ logger: Logger) throws -> SQLiteStore {
    var options = SQLiteOptions()
    options.isInline = true
    return try SQLiteStore(.memory, options: options, time: clock, logger: logger)
  }

  private static func channel(
    to register: (inout RPCRouter) -> Void, _ methods: [Method], _ clock: FakeClock
  ) throws -> any RPCChannel {
    var access = AccessTable()
    for method in methods { access.allow(method, .services([.approval])) }
    var router = RPCRouter(
      identity: TestIdentity(), access: access, logger: RecordedLogs().logger())
    register(&router)
    return try InProcessTransport(router, clock: clock)
      .calling(as: Caller(service: .approval))
  }

  /// Delivers until nothing more can be delivered.
  func deliver() async throws {
    while try await self.assembly.deliverOnce() > 0 {}
  }

  /// A key that no other call has.
  func key() -> String { ID<Desk>(now: self.clock.now(), random: self.random).text }
}

extension CallOptions {
  /// A call in the name of a caller.
  static func by(_ caller: Caller) -> CallOptions {
    CallOptions(metadata: Metadata(caller: caller))
  }

  static func by(_ officer: Officer) -> CallOptions {
    .by(Caller(kind: .officer, id: officer.id, office: officer.office, role: officer.role))
  }

  static let intake = CallOptions.by(Caller(service: .intake))
  static let auditor = CallOptions.by(Caller(kind: .auditor, id: "auditor1"))
}

extension Desk {
  static let form = ModelV1.ApplicationForm(
    applicant: ModelV1.Identity(
      citizenID: "11010519491231002X", name: "𬎆·王", sex: .female, ethnicityCode: "01",
      householdAddress: ModelV1.Address(divisionCode: "110105", detail: "人民路8号")),
    residence: ModelV1.Address(divisionCode: "330106", street: "北山街道", detail: "保俶路1号"),
    phone: "13800138000",
    claims: [ModelV1.ConditionClaim(condition: .employment, evidence: [.labourContract])])

  static let photo = ModelV1.Material(
    materialID: "material-photo", kind: .photo, mediaType: "image/jpeg", sizeBytes: 3,
    sha256: [UInt8](repeating: 7, count: 32))

  /// What intake sends for an application of this name.
  func openRequest(
    _ application: String = "application-1", failedRules: [String] = []
  ) -> ApprovalV1.OpenCaseRequest {
    ApprovalV1.OpenCaseRequest(
      idempotencyKey: "\(application)-open-0000", applicationID: application,
      applicationNumber: "ZJ-\(application)", kind: .firstPermit, channel: .app,
      policyVersion: "zhejiang-1", officeCode: Police.station,
      submittedAtMs: self.clock.now().milliseconds, form: Self.form, materials: [Self.photo],
      findings: failedRules.map { ModelV1.Finding(rule: $0, passed: false) },
      bureauCode: Police.bureau)
  }

  /// Opens a case; returns its id.
  @discardableResult
  func open(
    _ application: String = "application-1", failedRules: [String] = []
  ) async throws -> String {
    let request = self.openRequest(application, failedRules: failedRules)
    return try await self.client.openCase(request, options: .intake).caseID
  }

  /// The case as an auditor sees it.
  func read(_ id: String) async throws -> ApprovalV1.Case {
    let request = ApprovalV1.GetCaseRequest(key: .caseID(id))
    return try #require(try await self.client.getCase(request, options: .auditor).case)
  }

  /// Signs an opinion on the case as it is now, by the right officer unless told.
  @discardableResult
  func sign(
    _ id: String, _ stage: Stage, _ decision: Decision = .pass, _ codes: [String] = [],
    by officer: Officer? = nil
  ) async throws -> ApprovalV1.Case {
    let request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: try await self.read(id).version,
      stage: .init(stage), decision: .init(decision),
      reasons: codes.map { ModelV1.Reason(code: $0, text: "经核查不符合条件。") })
    let options = CallOptions.by(officer ?? Police.right(for: stage))
    return try #require(try await self.client.recordOpinion(request, options: options).case)
  }

  /// Tells that the notice of a round is answered.
  func resume(_ application: String = "application-1", round: Int32 = 1) async throws {
    let more = ModelV1.Material(
      materialID: "material-more", kind: .evidence, evidence: .labourContract)
    let request = ApprovalV1.ResumeClockRequest(
      idempotencyKey: self.key(), applicationID: application,
      supplementedAtMs: self.clock.now().milliseconds, materials: [Self.photo, more],
      round: round)
    _ = try await self.client.resumeClock(request, options: .intake)
  }
}

/// The error a call ends with.
func refusal<Answer>(
  _ call: () async throws -> Answer, sourceLocation: SourceLocation = #_sourceLocation
) async -> ServiceError {
  do {
    _ = try await call()
    Issue.record("the call was answered", sourceLocation: sourceLocation)
  } catch let error as ServiceError {
    return error
  } catch {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
  return ServiceError(code: .unknown, message: "")
}
