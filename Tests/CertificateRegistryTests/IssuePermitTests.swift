import ServiceCore
import DomainModel
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct IssuePermitTests {
  typealias Request = RegistryV1.IssuePermitRequest

  @Test func `a permit is issued as of the day of the opinion`() async throws {
    let registry = try await RegistryFixture()
    let order = Request.sample(1).changed { $0.issuedOn = "2026-03-06" }
    let answer = try await registry.client.issuePermit(order, options: .approval)
    let permit = try #require(answer.permit)
    #expect(permit.state == .valid)
    #expect(permit.issuedOn == "2026-03-06")
    #expect(permit.validToOn == "2027-03-06")
    #expect(permit.bureauCode == "330106000000")
    #expect(permit.applicationID == "application-1")
    #expect(permit.caseID == "case-1")
    #expect(permit.keyID == registry.signer.keyID)
    #expect(permit.issuedAtMs == registry.clock.now().milliseconds)
    let identifier = try #require(CertificateIdentifier(permit.certificateIdentifier))
    #expect(identifier.version == 1)
    #expect(identifier.type == registry.policy.settings.certificateType)
    #expect(identifier.serial.count == 20)
  }

  @Test func `the holder is told once, through the outbox`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    _ = try await registry.issue(1)
    // The text, and the reminders to come.
    #expect(try await registry.count(.outbox) == 2)
    let running = registry.assembly
    await withThrowingTaskGroup(of: Void.self) { group in
      for job in running.jobs { group.addTask { try await job.run() } }
      for _ in 0..<10_000 where registry.notification.requests.isEmpty { await Task.yield() }
      group.cancelAll()
    }
    let request = try #require(registry.notification.requests.first)
    #expect(request.idempotencyKey == "\(permit.permitID)-permit-issued")
    #expect(request.templateID == "permit_issued")
    #expect(request.phone == "13800138000")
    #expect(request.reference == "application-1")
    let templates = try MessageTemplates(text: PolicyTexts.text("templates.tsv"))
    let values = Dictionary(uniqueKeysWithValues: request.values.map { ($0.name, $0.value) })
    let text = try templates.template("permit_issued").render(values).text
    #expect(text.contains("阿*"))
    #expect(text.contains("2027年3月10日"))
  }

  @Test func `a repeat, and the same case under another key, give the same permit`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.issue(1)
    let again = try await registry.issue(1)
    let other = Request.sample(1).changed { $0.idempotencyKey = "another-key-of-that-case" }
    let third = try await registry.client.issuePermit(other, options: .approval).permit
    #expect(first == again)
    #expect(first == third)
    #expect(try await registry.count(.permit) == 1)
  }

  @Test func `a key used for another order is refused`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    let order = Request.sample(2).changed { $0.idempotencyKey = Request.sample(1).idempotencyKey }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.issuePermit(order, options: .approval)
    }
    #expect(error?.reason == "IDEMPOTENCY_KEY_REUSED")
  }

  @Test func `a person with a live permit gets no second one`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let order = Request.sample(1).changed {
      $0.caseID = "case-2"
      $0.applicationID = "application-2"
      $0.idempotencyKey = "issue-key-of-case-2"
    }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.issuePermit(order, options: .approval)
    }
    #expect(error?.code == .alreadyExists)
    #expect(error?.reason == "PERMIT_ALREADY_LIVE")
    #expect(error?.metadata["certificate_identifier"] == permit.certificateIdentifier)
    #expect(try await registry.count(.permit) == 1)
    #expect(try await registry.count(.outbox) == 2)
  }

  @Test func `a case issues to one person only`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    let order = Request.sample(2).changed { $0.caseID = "case-1" }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.issuePermit(order, options: .approval)
    }
    #expect(error?.violations.map(\.reason) == ["CASE_OF_ANOTHER_PERMIT"])
  }

  @Test func `of 32 orders for one person at once, one is carried out`() async throws {
    let registry = try await RegistryFixture()
    let answers = await withTaskGroup(of: Result<RegistryV1.IssuePermitResponse, any Error>.self) {
      group in
      for index in 0..<32 {
        group.addTask {
          let order = Request.sample(1).changed {
            $0.caseID = "case-\(index)"
            $0.idempotencyKey = "issue-key-of-case-\(index)"
          }
          do {
            return .success(try await registry.client.issuePermit(order, options: .approval))
          } catch { return .failure(error) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let permits = answers.compactMap { try? $0.get().permit }
    #expect(permits.count == 1)
    for case .failure(let error) in answers {
      let error = try #require(error as? ServiceError)
      #expect(error.reason == "PERMIT_ALREADY_LIVE")
      #expect(
        error.metadata["certificate_identifier"] == permits.first?.certificateIdentifier)
    }
    #expect(try await registry.count(.permit) == 1)
    #expect(try await registry.count(.outbox) == 2)
    #expect(try await registry.count(.history) == 1)
  }

  @Test func `of 32 repeats of one order at once, all get the same permit`() async throws {
    let registry = try await RegistryFixture()
    let permits = try await withThrowingTaskGroup(of: RegistryV1.Permit?.self) { group in
      for index in 0..<32 {
        group.addTask {
          let order = Request.sample(1).changed {
            if index % 2 == 0 { $0.idempotencyKey = "issue-key-of-try-\(index)" }
          }
          return try await registry.client.issuePermit(order, options: .approval).permit
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(permits).count == 1)
    #expect(try await registry.count(.permit) == 1)
  }

  @Test func `the database itself keeps one live permit a person`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    await #expect(throws: StorageError.uniqueViolation(constraint: "permit_live")) {
      try await registry.store.write { transaction in
        try transaction.execute(
          """
          INSERT INTO permit (permit_id, certificate_identifier, person_id, application_id,
            case_id, division_code, bureau_code, issued_on, valid_to_on, issued_at, cancelled_at,
            policy_version, key_id, document, signature, phone, version)
          SELECT 'another', 'another', person_id, application_id, 'another', division_code,
            bureau_code, issued_on, valid_to_on, issued_at, cancelled_at, policy_version, key_id,
            document, signature, phone, version
          FROM permit WHERE permit_id = \(permit.permitID)
          """)
      }
    }
  }

  struct Defect: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let violations: Set<String>
    let change: @Sendable (inout Request) -> Void

    init(
      _ name: String, _ violations: Set<String>, change: @escaping @Sendable (inout Request) -> Void
    ) {
      self.testDescription = name
      self.violations = violations
      self.change = change
    }

    static let all = [
      Self("no case", ["case_id FIELD_MISSING"]) { $0.caseID = "" },
      Self("short photo hash", ["photo_sha256 HASH_INVALID"]) { $0.photoSha256 = [1] },
      Self("a station is no bureau", ["bureau_code OFFICE_UNKNOWN"]) {
        $0.bureauCode = "330106500000"
      },
      Self("phone of 10 digits", ["phone PHONE_INVALID"]) { $0.phone = "1380013800" },
      Self("issued in two days", ["issued_on DATE_IN_FUTURE"]) { $0.issuedOn = "2026-03-12" },
      Self("residence elsewhere", ["residence.division_code DIVISION_OUTSIDE_REGION"]) {
        $0.residence?.divisionCode = "361121"
      },
      Self(
        "residence in a division given up",
        [
          "residence.division_code DIVISION_ABOLISHED"
        ]
      ) { $0.residence?.divisionCode = "330103" },
      Self("two at once", ["holder.name NAME_CHARACTERS", "actor FIELD_MISSING"]) {
        $0.holder?.name = "王1"
        $0.actor = ""
      },
    ]
  }

  @Test(arguments: Defect.all)
  func `every defect is told at once and nothing is issued`(_ defect: Defect) async throws {
    let registry = try await RegistryFixture()
    let order = Request.sample(1).changed(defect.change)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.issuePermit(order, options: .approval)
    }
    #expect(error?.code == .invalidArgument)
    #expect(Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? []) == defect.violations)
    #expect(try await registry.count(.permit) == 0)
  }
}

extension IssuePermitTests {
  @Test func `no personal data stands open in the database`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let stored = try await StoredValues(of: registry.store)
    #expect(!stored.places(of: permit.certificateIdentifier).isEmpty)
    let holder = ModelV1.Identity.sample(1)
    let secrets = [
      holder.citizenID, holder.name, "13800138000", ModelV1.Address.westLake.detail,
    ]
    for secret in secrets { #expect(stored.places(of: secret) == []) }
  }
}
