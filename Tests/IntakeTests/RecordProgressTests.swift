import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct RecordProgressTests {
  static let reasons = [ModelV1.Reason(code: "MATERIAL_UNCLEAR", text: "劳动合同签字页不清晰。")]
  static let acceptance = IntakeV1.Acceptance(
    acceptedAtMs: 1_773_104_400_000,
    promiseDue: ModelV1.DueDate(dueOn: "2026-03-12", provisional: false),
    statuteDue: ModelV1.DueDate(dueOn: "2026-03-25", provisional: false))
  static let guardResumed = IntakeV1.Resumption(
    acceptanceDue: ModelV1.DueDate(dueOn: "2026-04-02", provisional: true))
  static let termsResumed = IntakeV1.Resumption(
    promiseDue: ModelV1.DueDate(dueOn: "2026-03-18", provisional: false),
    statuteDue: ModelV1.DueDate(dueOn: "2026-03-31", provisional: false))
  static let stop = IntakeV1.ClockStop(
    kind: .hearing, pausedAtMs: 1_773_104_400_000, expectedUntilOn: "2026-03-30")
  static let extended = IntakeV1.StatuteExtension(
    extendedAtMs: 1_773_104_400_000, days: 10,
    statuteDue: ModelV1.DueDate(dueOn: "2026-04-07", provisional: false),
    rule: "某市居住证管理规定第五条")
  static let completion = IntakeV1.Completion(
    completedAtMs: 1_773_200_000_000, certificateIdentifier: "1.2.156.3005.2.X",
    validToOn: "2027-03-11")

  @Test func `a case goes from acceptance to its permit`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    let accepted = try await world.get(id)
    #expect(accepted.state == .accepted)
    #expect(accepted.acceptance?.promiseDue?.dueOn == "2026-03-12")
    #expect(accepted.acceptance?.statuteDue?.dueAtMs == 1_774_454_400_000)
    try await world.record(.completed(Self.completion), sequence: 2, of: id)
    let completed = try await world.get(id)
    #expect(completed.state == .completed)
    #expect(completed.completion == Self.completion)
    try await world.deliver()
    #expect(
      try Self.texts(world).map(\.templateID) == ["application_received", "application_accepted"])
  }

  @Test func `stopped clocks and an extended statute are told, and the dates are the case's`()
    async throws
  {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    try await world.record(.paused(Self.stop), sequence: 2, of: id)
    #expect(try await world.get(id).acceptance?.promiseDue?.dueOn == "2026-03-12")
    try await world.record(.resumed(Self.termsResumed), sequence: 3, of: id)
    try await world.record(.extended(Self.extended), sequence: 4, of: id)
    let acceptance = try #require(try await world.get(id).acceptance)
    #expect(acceptance.promiseDue?.dueOn == "2026-03-18")
    #expect(acceptance.statuteDue?.dueOn == "2026-04-07")
    try await world.deliver()
    let texts = try Self.texts(world).suffix(2)
    #expect(texts.map(\.templateID) == ["clock_paused", "statute_extended"])
    #expect(texts.first?.values.contains { $0.value == "2026年3月30日" } == true)
    let bad = IntakeV1.ClockStop(kind: .supplement, expectedUntilOn: "2026-02-30")
    let error = await #expect(throws: ServiceError.self) {
      try await world.record(.paused(bad), sequence: 5, of: id)
    }
    #expect(error?.violations.map(\.field) == ["paused.kind", "paused.expected_until_on"])
  }

  @Test func `a statute is extended also while the applicant is waited for`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    try await world.record(
      .supplementNeeded(.init(reasons: Self.reasons, round: 1)), sequence: 2, of: id)
    try await world.record(.extended(Self.extended), sequence: 3, of: id)
    let extended = try await world.get(id)
    #expect(extended.state == .supplementNeeded)
    #expect(extended.acceptance?.statuteDue?.dueOn == "2026-04-07")
  }

  @Test func `every text gives every value its template asks for`() async throws {
    let templates = try PolicyTexts.text("templates.tsv").split(separator: "\n")
    let world = try await World()
    for (step, after) in [
      (
        IntakeV1.RecordProgressRequest.Step.supplementNeeded(
          .init(reasons: Self.reasons, round: 1)), 0
      ),
      (.notAccepted(.init(reasons: Self.reasons)), 0),
      (.refused(.init(reasons: Self.reasons)), 1), (.paused(Self.stop), 1),
      (.extended(Self.extended), 1),
    ] as [(IntakeV1.RecordProgressRequest.Step, Int64)] {
      let person = citizenNumber(
        born: "1985-01-01", sequence: 101 + 2 * Int(world.random.next() % 400))
      let id = try await world.submitted(.adult.of(person)).applicationID
      if after == 1 { try await world.record(.accepted(Self.acceptance), sequence: 1, of: id) }
      try await world.record(step, sequence: after + 1, of: id)
    }
    try await world.deliver()
    let texts = try Self.texts(world)
    #expect(
      Set(texts.map(\.templateID)) == [
        "application_received", "application_accepted", "supplement_needed",
        "application_not_accepted", "application_refused", "clock_paused", "statute_extended",
      ])
    for text in texts {
      let template = try #require(templates.last { $0.hasPrefix("\(text.templateID)\t") })
      let wanted = template.split(separator: "{").dropFirst().map { $0.prefix { $0 != "}" } }
      #expect(Set(text.values.map(\.name)) == Set(wanted.map(String.init)))
      #expect(text.values.allSatisfy { !$0.value.isEmpty && $0.value.count <= 200 })
    }
  }

  @Test func `a refusal brings its reasons and where to go against it`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    let refusal = IntakeV1.Refusal(
      decidedAtMs: 1_773_200_000_000, reasons: Self.reasons + Self.reasons,
      reconsiderationAuthority: "西湖区人民政府", court: "西湖区人民法院")
    try await world.record(.refused(refusal), sequence: 2, of: id)
    let application = try await world.get(id)
    #expect(application.state == .refused)
    #expect(application.refusal == refusal)
  }

  @Test func `a step is recorded though nobody can be told of it any more`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await Self.rewriteForm(of: id, in: world) { $0.phone = "0571-8888" }
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    #expect(try await world.get(id).state == .accepted)
    try await world.deliver()
    let texts = try Self.texts(world)
    #expect(texts.map(\.templateID) == ["application_received"])
    let told = world.logs.lines.filter { $0.metadata["application.id"] == id }
    #expect(told.contains { $0.message == "nobody can be told of a step" })
    #expect(world.logs.lines.allSatisfy { line in !"\(line)".contains("8888") })
  }

  @Test func `a name that today's rules would refuse is still masked and told`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await Self.rewriteForm(of: id, in: world) { $0.applicant?.name = "王·2世" }
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    try await world.deliver()
    let text = try #require(try Self.texts(world).last)
    #expect(text.templateID == "application_accepted")
    #expect(text.values.first { $0.name == "name" }?.value == "王*")
  }

  /// Writes a stored form anew, as one looks that was stored under other rules.
  private static func rewriteForm(
    of id: String, in world: World,
    _ change: (inout ModelV1.ApplicationForm) -> Void
  ) async throws {
    var form = try #require(try await world.get(id).form)
    change(&form)
    let column = SealedColumn(world.seals.sealer, table: "application", column: "form")
    let sealed = try column.seal(try form.wireBytes(), row: id)
    try await world.store.write { transaction in
      try transaction.execute(
        "UPDATE application SET form = \(sealed) WHERE application_id = \(id)")
    }
  }

  @Test func `new due dates before acceptance take the place of the guard's`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    try await world.supplemented(application, noticeSequence: 1)
    let before = try await world.get(id)
    try await world.record(.resumed(Self.guardResumed), sequence: 2, of: id)
    let after = try await world.get(id)
    #expect(after.state == .submitted)
    #expect(after.changedAtMs == before.changedAtMs)
    #expect(after.version == before.version + 1)
    #expect(before.receipt?.acceptanceDue?.dueOn != "2026-04-02")
    #expect(after.receipt?.acceptanceDue?.dueOn == "2026-04-02")
    #expect(after.receipt?.acceptanceDue?.provisional == true)
    #expect(after.acceptance == nil)
    try await world.record(.accepted(Self.acceptance), sequence: 3, of: id)
    try await world.deliver()
    #expect(
      try Self.texts(world).map(\.templateID) == [
        "application_received", "supplement_needed", "application_accepted",
      ])
  }

  @Test func `new due dates after acceptance take the place of promise and statute`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    try await world.supplemented(application, noticeSequence: 2)
    let before = try await world.get(id)
    try await world.record(.resumed(Self.termsResumed), sequence: 3, of: id)
    let after = try await world.get(id)
    #expect(after.state == .accepted)
    #expect(after.acceptance?.acceptedAtMs == Self.acceptance.acceptedAtMs)
    #expect(after.acceptance?.promiseDue?.dueOn == "2026-03-18")
    #expect(after.acceptance?.statuteDue?.dueOn == "2026-03-31")
    #expect(after.receipt == before.receipt)
  }

  @Test func `new due dates are those of a case that is accepted, or that is not`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    var all = Self.termsResumed
    all.acceptanceDue = Self.guardResumed.acceptanceDue
    let rows: [(IntakeV1.Resumption, Set<String>)] = [
      (.init(), ["resumed.acceptance_due DATE_INVALID"]),
      (all, ["resumed.acceptance_due FIELD_NOT_WANTED"]),
      (
        .init(promiseDue: Self.termsResumed.promiseDue), ["resumed.statute_due DATE_INVALID"]
      ),
    ]
    for (resumption, told) in rows {
      let error = try await refusal {
        try await world.record(.resumed(resumption), sequence: 1, of: id)
      }
      #expect(error.told == told)
    }
    let early = try await refusal {
      try await world.record(.resumed(Self.termsResumed), sequence: 1, of: id)
    }
    #expect(early.metadata["current_state"] == "submitted")
  }

  @Test func `a repeated step changes nothing, whatever its key`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    let key = world.key("progress")
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id, key: key)
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id, key: key)
    try await world.record(.accepted(Self.acceptance), sequence: 1, of: id)
    #expect(try await world.get(id).version == application.version + 1)
    try await world.deliver()
    #expect(try Self.texts(world).count == 2)
  }

  @Test func `a step before its turn is told which one is expected`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let error = try await refusal {
      try await world.record(.completed(Self.completion), sequence: 2, of: id)
    }
    #expect(error.code == .aborted)
    #expect(error.metadata["expected_sequence"] == "1")
  }

  @Test func `a step that the state does not allow is refused with the state`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let error = try await refusal {
      try await world.record(.completed(Self.completion), sequence: 1, of: id)
    }
    #expect(error.metadata["current_state"] == "submitted")
  }

  @Test func `a negative step without a reason is none`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let error = try await refusal {
      try await world.record(.notAccepted(.init()), sequence: 0, of: id)
    }
    #expect(
      error.told == ["sequence NUMBER_OUT_OF_RANGE", "not_accepted.reasons FIELD_MISSING"])
  }

  @Test func `only the approval service reports progress`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    for caller in [World.integrator, Caller(kind: .service, id: "registry")] {
      let error = try await refusal {
        _ = try await world.progress.recordProgress(
          .init(
            idempotencyKey: world.key(), applicationID: id, sequence: 1,
            step: .accepted(Self.acceptance)),
          options: world.options(caller))
      }
      #expect(error.code == .permissionDenied)
    }
  }

  static func texts(_ world: World) throws -> [NotificationV1.EnqueueMessageRequest] {
    try world.notification.requests(
      to: NotificationV1.NotificationServiceMethods.enqueueMessage)
  }
}

extension World {
  /// Gives a notice on an application and answers it.
  func supplemented(
    _ application: IntakeV1.Application, noticeSequence: Int64
  ) async throws {
    let id = application.applicationID
    try await self.record(
      SupplementApplicationTests.notice(1), sequence: noticeSequence, of: id)
    self.clock.advance(milliseconds: 1_000)
    try await self.upload(.photo, to: application, bytes: Files.png)
    _ = try await SupplementApplicationTests.supplement(self, id)
  }
}
