import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// What a decision on each kind changes at the registry, and what intake hears of it.
struct OutcomeTests {
  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  static let certificate = "1.2.156.3005.2.11000000000000000U001.OLD.1"
  static let registration = "registration-old"
  static let proof = [UInt8](repeating: 8, count: 32)

  /// What intake sends of a kind, about a permit and a registration.
  static func request(
    _ desk: Desk, _ kind: ModelV1.ApplicationKind, movedOn: String = ""
  ) -> ApprovalV1.OpenCaseRequest {
    var request = desk.openRequest()
    request.kind = kind
    request.form?.changedOn = movedOn
    request.form?.workplace = "西湖小学"
    request.certificateIdentifier = Self.certificate
    request.registrationID = Self.registration
    request.materials.append(
      ModelV1.Material(materialID: "material-proof", kind: .correctionProof, sha256: Self.proof))
    return request
  }

  /// The kinds on which one officer decides.
  static let confirmed: [ModelV1.ApplicationKind] = [
    .residenceRegistration, .addressChange, .confirmationSlip,
  ]

  /// A case of a kind, decided for the applicant the day after its submission.
  static func decided(_ desk: Desk, _ request: ApprovalV1.OpenCaseRequest) async throws -> String {
    let id = try await desk.client.openCase(request, options: .intake).caseID
    desk.clock.advance(milliseconds: 86_400_000)
    for stage in Self.confirmed.contains(request.kind)
      ? [Stage.confirm] : [.accept, .review, .approve]
    {
      try await desk.sign(id, stage)
    }
    return id
  }

  /// The kinds, each with the calls that the registry gets.
  static let calls: [(ModelV1.ApplicationKind, [String])] = [
    (.firstPermit, ["IssuePermit"]), (.endorsement, ["EndorsePermit"]),
    (.conversionByPermit, ["ConvertPermit"]), (.conversionByRegistration, ["ConvertPermit"]),
    (.faceDataCorrection, ["CorrectPermit"]), (.cancellation, ["CancelPermit"]),
    (.residenceRegistration, ["RecordRegistration"]),
    (.addressChange, ["ChangePermitAddress", "ChangeRegistration"]), (.confirmationSlip, []),
  ]

  @Test(arguments: TestEngine.all, Self.calls)
  func `each kind is led to its effect, and intake hears of it last`(
    _ engine: TestEngine, _ row: (kind: ModelV1.ApplicationKind, calls: [String])
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await Self.decided(desk, Self.request(desk, row.kind))
      #expect(desk.registry.calls == [])
      try await desk.deliver()
      #expect(desk.registry.calls == row.calls)
      let file = try await desk.read(id)
      #expect(file.state == .completed)
      #expect(file.certificateIdentifier == Self.certificate)
      #expect(file.registrationID == Self.registration)
      // One officer's acceptance is his decision, and intake hears of its effect alone.
      let isConfirmed = Self.confirmed.contains(row.kind)
      #expect(desk.intake.told.map(\.sequence) == (isConfirmed ? [1] : [1, 2]))
      guard case .completed(let completion) = desk.intake.told.last?.step else {
        Issue.record("\(desk.intake.told)")
        return
      }
      let hasPermit = row.calls.contains { $0.contains("Permit") }
      let hasRegistration = row.calls.contains { $0.contains("Registration") }
      #expect(completion.certificateIdentifier == (hasPermit ? FakeRegistry.identifier : ""))
      #expect(completion.registrationID == (hasRegistration ? FakeRegistry.registration : ""))
      #expect(completion.validToOn.isEmpty == (!hasPermit || row.kind == .cancellation))
      #expect(file.outcome?.certificateIdentifier == completion.certificateIdentifier)
      #expect(file.outcome?.registrationID == completion.registrationID)
    }
  }

  @Test func `an endorsement says when it was submitted and when it was decided`() async throws {
    let desk = try await Desk()
    let id = try await Self.decided(desk, Self.request(desk, .endorsement))
    try await desk.deliver()
    let order = try #require(
      try desk.registry.orders(of: Methods.endorsePermit, as: RegistryV1.EndorsePermitRequest.self)
        .first)
    #expect(order.submittedOn == "2026-03-10")
    #expect(order.certificateIdentifier == Self.certificate)
    #expect(order.move == nil)
    #expect(order.phone == Desk.form.phone)
    #expect(
      order.order
        == RegistryV1.Order(
          applicationID: "application-1", caseID: id, actor: "officer:police-approve",
          actorOffice: Police.bureau, decidedOn: "2026-03-11", policyVersion: "zhejiang-1"))
  }

  @Test func `an address change rides along with an endorsement`() async throws {
    let desk = try await Desk()
    let request = Self.request(desk, .endorsement, movedOn: "2026-03-02")
    _ = try await Self.decided(desk, request)
    try await desk.deliver()
    #expect(desk.registry.calls == ["EndorsePermit", "ChangeRegistration"])
    let endorsed = try desk.registry.orders(
      of: Methods.endorsePermit, as: RegistryV1.EndorsePermitRequest.self)
    #expect(
      endorsed.first?.move
        == RegistryV1.AddressMove(
          residence: Desk.form.residence, changedOn: "2026-03-02", reportedOn: "2026-03-10"))
    let moved = try desk.registry.orders(
      of: Methods.changeRegistration, as: RegistryV1.ChangeRegistrationRequest.self)
    #expect(moved.first?.registrationID == Self.registration)
    #expect(moved.first?.changedOn == "2026-03-02")
    #expect(moved.first?.reportedOn == "2026-03-10")
    #expect(moved.first?.officeCode == Police.station)
  }

  @Test func `a registration counts from the day of submission, even if confirmed later`()
    async throws
  {
    let desk = try await Desk()
    _ = try await Self.decided(desk, Self.request(desk, .residenceRegistration))
    try await desk.deliver()
    let order = try #require(
      try desk.registry.orders(
        of: Methods.recordRegistration, as: RegistryV1.RecordRegistrationRequest.self
      ).first)
    #expect(order.declaredOn == "2026-03-10")
    #expect(order.person == Desk.form.applicant)
    #expect(order.address == Desk.form.residence)
    #expect(order.officeCode == Police.station)
    #expect(order.workplace == "西湖小学")
  }

  @Test(arguments: [
    (ModelV1.ApplicationKind.conversionByPermit, RegistryV1.ConversionKind.existingPermit),
    (.conversionByRegistration, .accumulatedRegistration),
  ])
  func `a conversion says what it rests on`(
    _ row: (kind: ModelV1.ApplicationKind, conversion: RegistryV1.ConversionKind)
  ) async throws {
    let desk = try await Desk()
    _ = try await Self.decided(desk, Self.request(desk, row.kind))
    try await desk.deliver()
    let orders = try desk.registry.orders(
      of: Methods.convertPermit, as: RegistryV1.ConvertPermitRequest.self)
    #expect(orders.map(\.kind) == [row.conversion])
    #expect(orders.first?.bureauCode == Police.bureau)
    #expect(orders.first?.photoSha256 == Desk.photo.sha256)
    #expect(orders.first?.order?.decidedOn == "2026-03-11")
  }

  @Test func `a correction names photo and proof, a cancellation its reason`() async throws {
    let desk = try await Desk()
    _ = try await Self.decided(desk, Self.request(desk, .faceDataCorrection))
    try await desk.deliver()
    let corrections = try desk.registry.orders(
      of: Methods.correctPermit, as: RegistryV1.CorrectPermitRequest.self)
    #expect(corrections.map(\.photoSha256) == [Desk.photo.sha256])
    #expect(corrections.map(\.proofSha256) == [Self.proof])
    let other = try await Desk()
    _ = try await Self.decided(other, Self.request(other, .cancellation))
    try await other.deliver()
    let cancellations = try other.registry.orders(
      of: Methods.cancelPermit, as: RegistryV1.CancelPermitRequest.self)
    #expect(cancellations.map(\.reason) == [.ownRequest])
  }

  @Test func `without a permit an address change is the registration's alone`() async throws {
    let desk = try await Desk()
    var request = Self.request(desk, .addressChange, movedOn: "2026-03-09")
    request.certificateIdentifier = ""
    _ = try await Self.decided(desk, request)
    try await desk.deliver()
    #expect(desk.registry.calls == ["ChangeRegistration"])
  }

  @Test(arguments: [
    ModelV1.ApplicationKind.endorsement, .faceDataCorrection, .cancellation, .addressChange,
  ])
  func `where there is nothing to change it can only be refused`(
    _ kind: ModelV1.ApplicationKind
  ) async throws {
    let desk = try await Desk()
    var request = Self.request(desk, kind)
    (request.certificateIdentifier, request.registrationID) = ("", "")
    let error = await refusal { try await Self.decided(desk, request) }
    #expect(error.violations.map { "\($0.field) \($0.reason)" } == ["decision SUBJECT_MISSING"])
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let stage: Stage = kind == .addressChange ? .confirm : .approve
    try await desk.sign(id, stage, .refuse, ["EVIDENCE_FALSE"])
    try await desk.deliver()
    #expect(desk.registry.calls == [])
  }
}
