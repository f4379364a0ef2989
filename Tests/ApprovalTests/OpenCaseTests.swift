import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct OpenCaseTests {
  @Test func `a case holds what intake sent`() async throws {
    let desk = try await Desk()
    let id = try await desk.open(failedRules: ["HALF_YEAR_NOT_REACHED"])
    let file = try await desk.read(id)
    #expect(file.state == .awaitingAcceptance)
    #expect(file.version == 1)
    #expect(file.form == Desk.form)
    #expect(file.materials == [Desk.photo])
    #expect(file.findings.map(\.rule) == ["HALF_YEAR_NOT_REACHED"])
    #expect(file.clocks?.acceptanceDue?.dueOn == "2026-03-17")
    #expect(file.clocks?.promiseDue == nil)
    #expect(file.policyVersion == "zhejiang-1")
    #expect(desk.intake.told.isEmpty)
  }

  @Test func `an application has one case, under whatever key`() async throws {
    let desk = try await Desk()
    let first = try await desk.open()
    #expect(try await desk.open() == first)
    var again = desk.openRequest()
    again.idempotencyKey = "application-1-again"
    #expect(try await desk.client.openCase(again, options: .intake).caseID == first)
    again.applicationNumber = "another"
    let reused = await refusal { try await desk.client.openCase(again, options: .intake) }
    #expect(reused.reason == "IDEMPOTENCY_KEY_REUSED")
  }

  @Test(arguments: [
    Caller(kind: .service, id: "registry"), Caller(kind: .integrator, id: "app"),
    Caller(kind: .officer, id: "police1", office: Police.station, role: "accept"),
    Caller(kind: .auditor, id: "auditor1"), Caller(kind: .applicant, id: "a"),
  ])
  func `only intake opens cases`(_ caller: Caller) async throws {
    let desk = try await Desk()
    let error = await refusal {
      try await desk.client.openCase(desk.openRequest(), options: .by(caller))
    }
    #expect(error.reason == "CALLER_NOT_ALLOWED")
  }

  struct Defect: Sendable, CustomTestStringConvertible {
    let violation: String
    let change: @Sendable (inout ApprovalV1.OpenCaseRequest) -> Void
    var testDescription: String { self.violation }
  }

  static let defects: [Defect] = [
    Defect(violation: "application_id FIELD_MISSING") { $0.applicationID = "" },
    Defect(violation: "application_number TEXT_TOO_LONG") {
      $0.applicationNumber = String(repeating: "1", count: 65)
    },
    Defect(violation: "kind VALUE_UNKNOWN") { $0.kind = .unrecognized(99) },
    Defect(violation: "channel VALUE_UNKNOWN") { $0.channel = .unspecified },
    Defect(violation: "policy_version VALUE_UNKNOWN") { $0.policyVersion = "zhejiang-0" },
    Defect(violation: "policy_version POLICY_OF_ANOTHER_DAY") {
      $0.submittedAtMs = nineOClock("2022-03-06").milliseconds
    },
    Defect(violation: "kind KIND_NOT_DECIDED") { $0.kind = .lossReport },
    Defect(violation: "accepting_officer FIELD_NOT_WANTED") { $0.acceptingOfficer = "police1" },
    Defect(violation: "accepting_office VALUE_UNKNOWN") {
      $0.channel = .window
      $0.acceptingOfficer = "police1"
    },
    Defect(violation: "accepting_office OFFICE_UNKNOWN") {
      $0.channel = .window
      $0.acceptingOfficer = "police1"
      $0.acceptingOffice = Police.bureau
    },
    Defect(violation: "accepting_officer FIELD_MISSING") {
      $0.channel = .window
      $0.acceptingOffice = Police.station
    },
    Defect(violation: "certificate_identifier TEXT_TOO_LONG") {
      $0.certificateIdentifier = String(repeating: "1", count: 129)
    },
    Defect(violation: "registration_id TEXT_CONTROL_CHARACTER") { $0.registrationID = "a\u{1}" },
    Defect(violation: "office_code VALUE_UNKNOWN") { $0.officeCode = "33010650000" },
    Defect(violation: "bureau_code VALUE_UNKNOWN") { $0.bureauCode = "33010600000x" },
    Defect(violation: "bureau_code VALUE_UNKNOWN") { $0.bureauCode = "999999000000" },
    Defect(violation: "submitted_at_ms FIELD_MISSING") { $0.submittedAtMs = 0 },
    Defect(violation: "submitted_at_ms FIELD_MISSING") { $0.submittedAtMs = .min },
    Defect(violation: "form FIELD_MISSING") { $0.form = nil },
    Defect(violation: "materials MATERIAL_TOO_MANY") {
      $0.materials = Array(repeating: Desk.photo, count: 51)
    },
    Defect(violation: "findings NUMBER_OUT_OF_RANGE") {
      $0.findings = Array(repeating: ModelV1.Finding(rule: "A", passed: true), count: 51)
    },
    Defect(violation: "findings[0].rule VALUE_UNKNOWN") {
      $0.findings = [ModelV1.Finding(rule: "A,B", passed: false)]
    },
  ]

  @Test(arguments: Self.defects)
  func `what cannot be decided later is not opened`(_ defect: Defect) async throws {
    let desk = try await Desk()
    var request = desk.openRequest()
    defect.change(&request)
    let error = await refusal { try await desk.client.openCase(request, options: .intake) }
    #expect(error.reason == "REQUEST_INVALID")
    #expect(error.violations.map { "\($0.field) \($0.reason)" } == [defect.violation])
  }
}

extension OpenCaseTests {
  @Test func `no personal data stands open in the database or the logs`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let stored = try await StoredValues(of: desk.store)
    #expect(!stored.places(of: id).isEmpty)
    for secret in ["11010519491231002X", "𬎆·王", "13800138000", "保俶路1号"] {
      #expect(stored.places(of: secret) == [])
      #expect(!desk.logs.lines.contains { "\($0)".contains(secret) })
    }
  }
}
