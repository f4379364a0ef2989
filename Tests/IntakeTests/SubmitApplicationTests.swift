import DomainModel
import RPC
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct SubmitApplicationTests {
  @Test func `a submission is received, routed and told`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let answer = try await world.submit(draft)
    #expect(answer.submitted)
    #expect(answer.findings.count == (try PolicyData.rulesOfFirstPermit().count))
    let receipt = try #require(answer.receipt)
    #expect(ApplicationNumber(receipt.applicationNumber) != nil)
    #expect(receipt.applicationNumber.hasPrefix("33010620260310"))
    #expect(receipt.officeCode == "330106500000")
    #expect(receipt.acceptanceDue?.dueOn == "2026-03-17")
    let application = try await world.get(draft.applicationID)
    #expect(application.state == .submitted)
    #expect(application.receipt == receipt)
    #expect(application.findings.map(Self.bare) == answer.findings)
    #expect(application.findings.allSatisfy { !$0.facts.isEmpty })
    #expect(application.version == draft.version + 1)
  }

  /// A finding as it stands in an answer that is kept.
  private static func bare(_ finding: ModelV1.Finding) -> ModelV1.Finding {
    var bare = finding
    bare.facts = []
    return bare
  }

  @Test func `the case and the text are owed with the submission`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    try await world.deliver()
    let cases: [ApprovalV1.OpenCaseRequest] = try world.approval.requests(
      to: ApprovalV1.ApprovalServiceMethods.openCase)
    let opened = try #require(cases.first)
    #expect(cases.count == 1)
    #expect(opened.idempotencyKey == "\(application.applicationID)-open")
    #expect(opened.applicationNumber == application.receipt?.applicationNumber)
    #expect(opened.officeCode == "330106500000")
    #expect(opened.bureauCode == "330106000000")
    #expect(opened.form == .adult)
    #expect(opened.materials == application.materials)
    #expect(opened.findings == application.findings)
    let texts: [NotificationV1.EnqueueMessageRequest] = try world.notification.requests(
      to: NotificationV1.NotificationServiceMethods.enqueueMessage)
    #expect(texts.map(\.templateID) == ["application_received"])
    #expect(texts[0].phone == "13812345678")
    #expect(texts[0].reference == application.applicationID)
    #expect(
      Dictionary(uniqueKeysWithValues: texts[0].values.map { ($0.name, $0.value) }) == [
        "name": "王*", "kind": "居住证首次申领", "application": opened.applicationNumber,
        "guard_due_on": "2026年3月17日",
      ])
  }

  @Test func `every value a template asks for is given`() async throws {
    let templates = try PolicyTexts.text("templates.tsv")
    let line = try #require(
      templates.split(separator: "\n").last {
        $0.hasPrefix("application_received\t")
      })
    for name in ["name", "kind", "application", "guard_due_on"] {
      #expect(line.contains("{\(name)}"))
    }
    #expect(line.filter { $0 == "{" }.count == 4)
  }

  @Test func `numbers and names go on in their normal form`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.applicant?.name = "阿依古丽•买买提"
    form.applicant?.citizenID = "１１０１０５１９４９１２３１００２x"
    form.applicant?.sex = .female
    form.phone = "＋８６13812345678"
    world.registry.register("11010519491231002X", since: "2025-01-01")
    let draft = try await world.readyDraft(form, since: nil)
    #expect(try await world.submit(draft).submitted)
    let stored = try await world.get(draft.applicationID).form
    #expect(stored?.applicant?.citizenID == "11010519491231002X")
    #expect(stored?.applicant?.name == "阿依古丽·买买提")
    #expect(stored?.phone == "13812345678")
  }

  @Test func `a rare name passes through storage untouched`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.applicant?.name = "王𬎆"
    let application = try await world.submitted(form)
    #expect(application.form?.applicant?.name == "王𬎆")
  }

  @Test func `defects block, all are told, and nothing is stored`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.phone = "1"
    form.claims = []
    let written = try await world.update(try await world.draft(), .form(form))
    let draft = try await world.get(written.applicationID)
    let key = world.key("submit")
    let error = try await refusal {
      _ = try await world.submit(draft, acknowledging: true, key: key)
    }
    #expect(error.code == .invalidArgument)
    #expect(error.reason == ErrorReason.formDefective.rawValue)
    #expect(
      error.told == [
        "form.phone PHONE_INVALID", "form.claims CONDITION_MISSING",
        "commitment.assented COMMITMENT_NOT_ASSENTED",
        "materials.id_card MATERIAL_ID_CARD_MISSING", "materials.photo MATERIAL_PHOTO_MISSING",
      ])
    #expect(try await world.get(draft.applicationID) == draft)
    #expect(world.registry.calls == 0)
    try await world.deliver()
    let cases: [ApprovalV1.OpenCaseRequest] = try world.approval.requests(
      to: ApprovalV1.ApprovalServiceMethods.openCase)
    #expect(cases.isEmpty)
  }

  @Test func `failed findings are answered, leave the key free, and go when acknowledged`()
    async throws
  {
    let world = try await World()
    let draft = try await world.readyDraft(since: "2026-01-01")
    let key = world.key("submit")
    let answer = try await world.submit(draft, key: key)
    #expect(!answer.submitted)
    #expect(answer.receipt == nil)
    #expect(answer.findings.filter { !$0.passed }.map(\.rule) == ["HALF_YEAR_NOT_REACHED"])
    #expect(try await world.get(draft.applicationID) == draft)
    let acknowledged = try await world.submit(draft, acknowledging: true, key: key)
    #expect(acknowledged.submitted)
    let stored = try await world.get(draft.applicationID)
    #expect(stored.findings == answer.findings)
  }

  @Test func `a repeated submission gets its receipt, also while the registry is away`()
    async throws
  {
    let world = try await World()
    let draft = try await world.readyDraft()
    let key = world.key("submit")
    let first = try await world.submit(draft, key: key)
    world.registry.goAway(true)
    #expect(try await world.submit(draft, key: key) == first)
    let error = try await refusal {
      _ = try await world.submit(draft, acknowledging: true, key: key)
    }
    #expect(error.reason == ErrorReason.idempotencyKeyReused.rawValue)
    let another = try await refusal { _ = try await world.submit(draft) }
    #expect(another.metadata["current_state"] == "submitted")
  }

  @Test(arguments: 1...3)
  func `a retry that the first try overtakes gets the receipt of the first`(
    reads: Int
  ) async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let key = world.key("submit")
    let overtakings = Progress()
    world.store.after(reads: reads) {
      let first = try await world.submit(draft, key: key)
      #expect(first.submitted)
      overtakings.step()
    }
    let answer = try await world.submit(draft, key: key)
    let stored = try await world.get(draft.applicationID)
    #expect(overtakings.count == 1)
    #expect(answer.submitted)
    #expect(answer.receipt != nil && answer.receipt == stored.receipt)
    #expect(stored.version == draft.version + 1)
  }

  @Test func `one policy judges a submission and goes with it: that of the day of submission`()
    async throws
  {
    let before = try await World()
    let draft = try await before.readyDraft()
    let rules = try PolicyData.rules(version: "zhejiang-2", "guard_working_days", "3")
    let world = try await World(again: before, rules: rules)
    let receipt = try #require(try await world.submit(draft).receipt)
    #expect(receipt.acceptanceDue?.dueOn == "2026-03-13")
    #expect(try await world.get(draft.applicationID).policyVersion == "zhejiang-2")
    try await world.deliver()
    let cases: [ApprovalV1.OpenCaseRequest] = try world.approval.requests(
      to: ApprovalV1.ApprovalServiceMethods.openCase)
    #expect(cases.map(\.policyVersion) == ["zhejiang-2"])
  }

  @Test func `the version that the applicant was shown must be in force`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let editions = try PolicyData.followed(on: "2026-03-10")
    let later = try await World(again: world, policies: editions)
    func submit(_ version: String) async throws -> IntakeV1.SubmitApplicationResponse {
      try await later.intake.submitApplication(
        .init(
          idempotencyKey: later.key("submit"), applicationID: draft.applicationID,
          policyVersion: version),
        options: later.options(World.integrator))
    }
    let old = try await refusal { _ = try await submit("zhejiang-1") }
    #expect(old.code == .failedPrecondition)
    #expect(old.reason == "POLICY_NOT_IN_FORCE")
    #expect(old.metadata["in_force"] == "zhejiang-2")
    let unknown = try await refusal { _ = try await submit("zhejiang-9") }
    #expect(unknown.reason == "POLICY_UNKNOWN")
    #expect(unknown.metadata["policy_version"] == "zhejiang-9")
    #expect(try await later.get(draft.applicationID).materials.count == draft.materials.count)
    #expect(try await submit("zhejiang-2").submitted)
    #expect(try await later.get(draft.applicationID).policyVersion == "zhejiang-2")
  }

  @Test func `on a day without a policy nothing is judged`() async throws {
    let editions = try PolicyData.followed(on: "2026-03-10")
    let world = try await World(policies: PolicyEditions(only: editions.all[0]))
    let error = try await refusal { _ = try await world.draft() }
    #expect(error.reason == "POLICY_NOT_IN_FORCE")
    #expect(error.metadata == ["on": "2026-03-10", "in_force": ""])
  }

  @Test func `a refused submission leaves its key free`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let key = world.key("submit")
    world.registry.goAway(true)
    let error = try await refusal { _ = try await world.submit(draft, key: key) }
    #expect(error.code == .unavailable)
    world.registry.goAway(false)
    #expect(try await world.submit(draft, key: key).submitted)
  }

  @Test func `a second application of one person names the first`() async throws {
    let world = try await World()
    let first = try await world.submitted()
    let other = Caller(kind: .integrator, id: "anotherapp")
    let second = try await world.readyDraft(by: other)
    let error = try await refusal { _ = try await world.submit(second, by: other) }
    #expect(error.code == .alreadyExists)
    #expect(error.metadata["application_number"] == first.receipt?.applicationNumber)
    #expect(error.metadata["kind"] == "first_permit")
    #expect(try await world.get(second.applicationID, by: other).state == .draft)
  }

  @Test func `a number that is taken is drawn again`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let other = try await world.draft()
    // What the next submission draws: the same seed gives it to the draft that is in its way.
    let twin = world.random.copy()
    let taken = ApplicationNumber(
      division: "330106", submittedOn: CivilDate(of: world.clock.now()),
      draw: twin.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
    try await world.store.write { transaction in
      try transaction.execute(
        """
        UPDATE application SET application_number = \(taken.text)
        WHERE application_id = \(other.applicationID)
        """)
    }
    let receipt = try #require(try await world.submit(draft, key: "submit-key-000001").receipt)
    #expect(world.registry.calls == 2)
    #expect(receipt.applicationNumber != taken.text)
  }

  @Test func `after a refusal the person may apply again`() async throws {
    let world = try await World()
    let first = try await world.submitted()
    let reason = ModelV1.Reason(code: "WRONG_COUNTY", text: "不属本县管辖。")
    try await world.record(
      .notAccepted(.init(reasons: [reason])), sequence: 1, of: first.applicationID)
    let second = try await world.readyDraft()
    #expect(try await world.submit(second).submitted)
  }

  @Test func `no personal data stands open in the database or the logs`() async throws {
    let world = try await World()
    let submitted = try await world.submitted()
    let stored = try await StoredValues(of: world.store)
    #expect(stored.places(of: submitted.applicationID).contains("application.application_id"))
    for secret in [adultNumber, "王小明", "13812345678", "保俶路1号301室"] {
      #expect(stored.places(of: secret) == [])
      #expect(
        world.logs.lines.allSatisfy { line in
          !line.message.contains(secret) && !line.metadata.values.contains { $0.contains(secret) }
        })
    }
  }
}
