import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Another region is other files: the service that serves Shanghai takes in what Shanghai offers.
struct ShanghaiTests {
  static func world() async throws -> World {
    try await World(rules: RegionRules(of: "shanghai", reading: PolicyTexts.text))
  }

  static func form(
    _ condition: ModelV1.Condition, _ evidence: ModelV1.EvidenceKind
  ) -> ModelV1.ApplicationForm {
    var form = ModelV1.ApplicationForm.adult
    form.residence = ModelV1.Address(
      divisionCode: "310106", street: "南京西路街道", detail: "南京西路1号")
    form.claims = [ModelV1.ConditionClaim(condition: condition, evidence: [evidence])]
    return form
  }

  static let notice = "shanghai-2018-1"

  @Test func `a registration comes in by the app, and one officer is to confirm it`() async throws {
    let world = try await Self.world()
    let draft = try await world.draft(of: .residenceRegistration, by: .app, World.integrator)
    var ready = try await world.update(
      draft, .commitment(.init(noticeVersion: Self.notice, assented: true)))
    ready = try await world.update(ready, .form(Self.form(.dwelling, .leaseFiling)))
    try await world.upload(.evidence, .leaseFiling, to: ready)
    let answer = try await world.submit(ready)
    #expect(answer.submitted)
    #expect(answer.receipt?.applicationNumber.hasPrefix("31010620260310") == true)
    #expect(answer.receipt?.officeCode == "310106500000")
    try await world.deliver()
    let opened = try #require(try world.openedCases().first)
    #expect(opened.kind == .residenceRegistration)
    #expect(opened.policyVersion == "shanghai-1")
    #expect(opened.bureauCode == "310106000000")
  }

  @Test func `a first permit comes in half a year after it`() async throws {
    let world = try await Self.world()
    world.registry.register(adultNumber, division: "310106", since: "2025-03-01")
    let draft = try await world.readyDraft(
      of: .firstPermit, Self.form(.employment, .labourContract), notice: Self.notice)
    #expect(try await world.submit(draft).submitted)
    try await world.deliver()
    #expect(try world.openedCases().first?.officeCode == "310106500000")
  }

  @Test func `at the counter the card is looked at, and the entry confirms`() async throws {
    let world = try await Self.world()
    let officer = Caller(kind: .officer, id: "jing", office: "310106500000", role: "confirm")
    let draft = try await world.readyDraft(
      of: .residenceRegistration, Self.form(.dwelling, .leaseFiling), by: .window, officer,
      notice: Self.notice)
    #expect(try await world.submit(draft, by: officer).submitted)
    try await world.deliver()
    let opened = try #require(try world.openedCases().first)
    #expect(opened.acceptingOfficer == "jing")
    #expect(opened.acceptingOffice == "310106500000")
  }

  @Test func `what Shanghai's text does not have is not taken in`() async throws {
    let world = try await Self.world()
    for kind in ApplicationKind.allCases
    where kind != .firstPermit && kind != .residenceRegistration {
      let error = try await refusal {
        _ = try await world.draft(of: kind, by: .app, World.integrator)
      }
      #expect(error.reason == "KIND_NOT_OFFERED", "\(kind)")
    }
  }

  @Test func `an address of another region is a defect`() async throws {
    let world = try await Self.world()
    world.registry.register(adultNumber, division: "310106", since: "2025-03-01")
    let draft = try await world.readyDraft(of: .firstPermit, notice: Self.notice)
    let error = try await refusal { _ = try await world.submit(draft) }
    #expect(error.told.contains("form.residence.division_code DIVISION_OUTSIDE_REGION"))
  }
}
