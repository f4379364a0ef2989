import DomainModel
import Logging
import RPC
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// The way back of an approved case that the registry would not issue.
struct IssueRefusedTests {
  private static func approved() async throws -> (Desk, String) {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    return (desk, id)
  }

  /// A case whose permit the registry would not issue.
  static func issueRefused() async throws -> (Desk, String) {
    let (desk, id) = try await Self.approved()
    desk.registry.refuse(with: ServiceError(.permitAlreadyLive))
    try await desk.deliver()
    return (desk, id)
  }

  /// What the registry may have to say of a person.
  static let decisions: [ErrorReason] = [
    .permitAlreadyLive, .personDeceased, .hukouInUnit, .personNumberChanged,
  ]

  @Test(arguments: Self.decisions)
  func `a refused issue goes back to its approver and nobody is told`(
    _ reason: ErrorReason
  ) async throws {
    let (desk, id) = try await Self.approved()
    desk.registry.refuse(with: ServiceError(reason))
    try await desk.deliver()
    let file = try await desk.read(id)
    #expect(file.state == .issueRefused)
    #expect(file.outcome?.issueRefusedReasons.map(\.code) == [reason.rawValue])
    #expect(file.outcome?.issueRefusedReasons.first?.text == reason.chinese)
    #expect(desk.intake.told.count == 1)
    let other = Police.right(for: .approve, id: "police-other")
    let error = await refusal { try await desk.sign(id, .approve, by: other) }
    #expect(error.reason == "CASE_OF_ANOTHER_OFFICER")
  }

  @Test func `the approver approves again and a new order goes out`() async throws {
    let (desk, id) = try await Self.approved()
    desk.registry.refuse(with: ServiceError(.permitAlreadyLive))
    try await desk.deliver()
    desk.registry.refuse(with: nil)
    desk.clock.set(nineOClock("2026-03-11"))
    try await desk.sign(id, .approve)
    try await desk.deliver()
    let orders = try desk.registry.orders
    #expect(orders.map(\.issuedOn) == ["2026-03-10", "2026-03-11"])
    #expect(Set(orders.map(\.idempotencyKey)).count == 2)
    let file = try await desk.read(id)
    #expect(file.state == .completed)
    #expect(file.opinions.map(\.round) == [1, 1, 1, 2])
  }

  @Test func `the approver refuses and names what the registry named`() async throws {
    let (desk, id) = try await Self.approved()
    desk.registry.refuse(with: ServiceError(.permitAlreadyLive))
    try await desk.deliver()
    let incomplete = await refusal {
      try await desk.sign(id, .approve, .refuse, ["EVIDENCE_FALSE"])
    }
    #expect(incomplete.violations.map(\.reason) == ["REASON_OMITTED"])
    let codes = ["PERMIT_ALREADY_LIVE"]
    #expect(try await desk.sign(id, .approve, .refuse, codes).state == .refused)
    try await desk.deliver()
    guard case .refused(let told) = desk.intake.told.last?.step else {
      Issue.record("\(desk.intake.told)")
      return
    }
    #expect(told.reasons.map(\.code) == codes)
  }

  @Test func `a registry that is away is waited for`() async throws {
    let (desk, id) = try await Self.approved()
    desk.registry.refuse(with: ServiceError(.storeUnavailable))
    try await desk.deliver()
    #expect(try await desk.read(id).state == .approved)
    // Intake heard of the acceptance all the same: lanes do not hold each other.
    #expect(desk.intake.told.count == 1)
    desk.registry.refuse(with: nil)
    desk.clock.advance(milliseconds: 60_000)
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    #expect(try Set(desk.registry.orders.map(\.idempotencyKey)).count == 1)
  }

  @Test func `an intake that is away hears everything in order later`() async throws {
    let (desk, id) = try await Self.approved()
    desk.intake.setAway(true)
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    #expect(desk.intake.told.isEmpty)
    desk.intake.setAway(false)
    desk.clock.advance(milliseconds: 60_000)
    try await desk.deliver()
    #expect(desk.intake.told.map(\.sequence) == [1, 2])
  }

  /// Faults between two services; none of them is anything a person could be refused for.
  static let faults = [
    ServiceError(.requestInvalid, violations: [DefectReason.phoneInvalid.violation(at: "phone")]),
    ServiceError(.permitNotFound), ServiceError(.idempotencyKeyReused),
    ServiceError(.idempotencyKeyInvalid),
    ServiceError(code: .alreadyExists, message: "no reason of the catalogue"),
    ServiceError(code: .outOfRange, message: "no reason of the catalogue"),
  ]

  @Test(arguments: Self.faults)
  func `what is no decision about the person parks the lane`(_ fault: ServiceError) async throws {
    let (desk, id) = try await Self.approved()
    desk.registry.refuse(with: fault)
    try await desk.deliver()
    let file = try await desk.read(id)
    #expect(file.state == .approved)
    #expect(file.outcome == nil)
    let outbox = Outbox(sealer: PlainSealer())
    let parked = try await desk.store.read { try outbox.parked($0) }
    #expect(parked.map(\.lane) == ["case:\(id):registry"])
    #expect(desk.logs.lines.contains { $0.level == .error })
  }

  /// What the registry decides about the person, his permit or his registration, by kind.
  static let ofKinds: [ApplicationKind: Set<ErrorReason>] = [
    .firstPermit: Set(Self.decisions),
    .endorsement: [
      .permitWrongState, .permitHeld, .recordErased, .endorsementTooEarly, .permitMustConvert,
      .registrationEnded, .personDeceased, .hukouInUnit,
    ],
    .conversionByPermit: Set(Self.decisions).union([
      .permitNotConvertible, .permitWrongState, .permitHeld, .recordErased,
    ]),
    .conversionByRegistration: Set(Self.decisions).union([
      .permitNotConvertible, .permitWrongState, .permitHeld, .recordErased,
    ]),
    .faceDataCorrection: [.permitWrongState, .permitHeld, .recordErased],
    .cancellation: [.permitWrongState, .permitHeld, .recordErased],
    .residenceRegistration: [.registrationEnded, .personDeceased, .hukouInUnit, .recordErased],
    .addressChange: [
      .permitWrongState, .permitHeld, .recordErased, .permitMustConvert, .registrationEnded,
      .personDeceased, .hukouInUnit,
    ],
  ]

  @Test(arguments: ApplicationKind.allCases)
  func `only the catalogue's decisions become reasons`(_ kind: ApplicationKind) {
    for reason in ErrorReason.allCases {
      let read = IssueRefusal.reasons(of: ServiceError(reason), on: kind)
      let isDecision = Self.ofKinds[kind]?.contains(reason) ?? false
      #expect(read.map(\.code) == (isDecision ? [reason.rawValue] : []), "\(reason)")
    }
  }

  @Test func `what is found only on record becomes a reason of who records`() {
    let unchanged = DefectReason.registrationUnchanged.violation(at: "address")
    let broken = DefectReason.phoneInvalid.violation(at: "phone")
    let found = ServiceError(.requestInvalid, violations: [unchanged])
    let both = ServiceError(.requestInvalid, violations: [unchanged, broken])
    #expect(
      IssueRefusal.reasons(of: found, on: .addressChange)
        == [CaseReason(code: "REGISTRATION_UNCHANGED", text: unchanged.chinese)])
    #expect(IssueRefusal.reasons(of: both, on: .addressChange) == [])
    #expect(IssueRefusal.reasons(of: found, on: .firstPermit) == [])
  }
}
