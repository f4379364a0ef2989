import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Where one officer decides, the application ends with his word, and texts name what it was for.
struct ConfirmedKindsTests {
  @Test func `a registration ends with its id, and the applicant hears it`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .residenceRegistration).applicationID
    let completion = IntakeV1.Completion(
      completedAtMs: 1_773_200_000_000, registrationID: "registration-1")
    try await world.record(.completed(completion), sequence: 1, of: id)
    let application = try await world.get(id)
    #expect(application.state == .completed)
    #expect(application.completion == completion)
    try await world.deliver()
    let texts = try world.toldTexts()
    #expect(texts.map(\.templateID) == ["application_received", "application_completed"])
    for text in texts {
      #expect(text.values.first { $0.name == "kind" }?.value == "居住登记")
    }
  }

  @Test func `an acceptance before it is told with the end and not by itself`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .addressChange).applicationID
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    #expect(try await world.get(id).state == .accepted)
    try await world.record(
      .completed(.init(completedAtMs: 1_773_200_000_000, registrationID: "r")), sequence: 2,
      of: id)
    try await world.deliver()
    #expect(
      try world.toldTexts().map(\.templateID) == ["application_received", "application_completed"])
  }

  @Test func `who moves keeps the workplace that is on record`() async throws {
    let world = try await World()
    world.registry.register(adultNumber, since: "2025-03-01", workplace: "旧单位")
    let draft = try await world.readyDraft(of: .addressChange)
    #expect(try await world.submit(draft).submitted)
    try await world.deliver()
    #expect(try world.openedCases().map(\.form?.workplace) == ["旧单位"])
  }

  @Test func `of a move that changed a permit the registry tells`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .addressChange).applicationID
    var completion = RecordProgressTests.completion
    completion.registrationID = "r"
    try await world.record(.completed(completion), sequence: 1, of: id)
    #expect(try await world.get(id).completion == completion)
    try await world.deliver()
    #expect(try world.toldTexts().map(\.templateID) == ["application_received"])
  }

  @Test func `a last day is a permit's, and one that is cancelled has none`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .addressChange).applicationID
    let rows: [(IntakeV1.Completion, String)] = [
      (.init(validToOn: "2027-03-01"), "completed.certificate_identifier FIELD_MISSING"),
      (
        .init(certificateIdentifier: "X", validToOn: "tomorrow"),
        "completed.valid_to_on DATE_INVALID"
      ),
    ]
    for (completion, told) in rows {
      let error = try await refusal {
        try await world.record(.completed(completion), sequence: 1, of: id)
      }
      #expect(error.told == [told])
    }
    try await world.record(.completed(.init(certificateIdentifier: "X")), sequence: 1, of: id)
    let done = try await world.get(id)
    #expect(done.completion?.certificateIdentifier == "X" && done.completion?.validToOn == "")
  }

  @Test func `every text gives every value its template asks for, and names the kind`()
    async throws
  {
    let templates = try MessageTemplates(text: PolicyTexts.text("templates.tsv"))
    let world = try await World()
    let id = try await world.submitted(of: .residenceRegistration).applicationID
    try await world.record(.completed(.init(registrationID: "r")), sequence: 1, of: id)
    let second = try await world.submitted(of: .residenceRegistration).applicationID
    try await world.record(.withdrawn(.init(withdrawnAtMs: 1)), sequence: 1, of: second)
    try await world.deliver()
    let texts = try world.toldTexts()
    #expect(
      Set(texts.map(\.templateID)) == [
        "application_received", "application_completed", "application_withdrawn",
      ])
    for text in texts {
      let values = Dictionary(uniqueKeysWithValues: text.values.map { ($0.name, $0.value) })
      let rendered = try templates.template(text.templateID).render(values)
      #expect(rendered.text.contains("居住登记"))
    }
  }
}
