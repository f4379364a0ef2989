import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// At the counter an officer enters for a person who is there; collectors record declarations.
struct CounterTests {
  @Test func `the entry is the acceptance: both receipts at once, and the case names who`()
    async throws
  {
    let world = try await World()
    world.settle(.firstPermit)
    let officer = World.windowOfficer
    let draft = try await world.readyDraft(of: .firstPermit, by: .window, officer)
    #expect(draft.enteredAtOffice == "330106500000")
    let answer = try await world.submit(draft, by: officer)
    #expect(answer.receipt?.applicationNumber.isEmpty == false)
    #expect(answer.acceptance?.promiseDue?.dueOn == "2026-03-12")
    #expect(answer.acceptance?.statuteDue?.dueOn == "2026-03-25")
    let application = try await world.get(draft.applicationID, by: officer)
    #expect(application.state == .accepted)
    #expect(application.channel == .window)
    #expect(application.acceptance == answer.acceptance)
    try await world.deliver()
    let opened = try #require(try world.openedCases().first)
    #expect(opened.channel == .window)
    #expect(opened.acceptingOfficer == "window1")
    #expect(opened.acceptingOffice == "330106500000")
    #expect(try world.toldTexts().map(\.templateID) == ["application_accepted"])
  }

  @Test func `the case repeats the acceptance, and nobody hears it twice`() async throws {
    let world = try await World()
    let officer = World.windowOfficer
    let id = try await world.submitted(of: .firstPermit, by: .window, officer).applicationID
    var acceptance = RecordProgressTests.acceptance
    acceptance.promiseDue = ModelV1.DueDate(dueOn: "2026-03-13")
    try await world.record(.accepted(acceptance), sequence: 1, of: id)
    let accepted = try await world.get(id, by: officer)
    #expect(accepted.state == .accepted)
    #expect(accepted.acceptance?.promiseDue?.dueOn == "2026-03-13")
    try await world.record(.completed(RecordProgressTests.completion), sequence: 2, of: id)
    #expect(try await world.get(id, by: officer).state == .completed)
    try await world.deliver()
    #expect(try world.toldTexts().map(\.templateID) == ["application_accepted"])
  }

  @Test(arguments: ApplicationKind.allCases)
  func `every kind comes in at the counter`(kind: ApplicationKind) async throws {
    let world = try await World()
    let application = try await world.submitted(of: kind, by: .window, World.windowOfficer)
    try await world.deliver()
    let opened = try world.openedCases().first
    let isAtOnce: Set<ApplicationKind> = [.contactChange, .lossReport, .lossWithdrawal]
    if isAtOnce.contains(kind) {
      #expect(opened == nil)
      let done = try await world.get(application.applicationID, by: World.windowOfficer)
      #expect(done.state == .completed)
    } else {
      #expect(opened?.acceptingOfficer == "window1")
      #expect(opened?.kind == .init(kind))
    }
  }

  @Test func `what nobody decides names the officer to the registry`() async throws {
    let world = try await World()
    _ = try await world.submitted(of: .lossReport, by: .window, World.windowOfficer)
    try await world.deliver()
    let orders: [RegistryV1.ReportLossRequest] = try world.registry.orders(
      by: RegistryV1.CertificateRegistryServiceMethods.reportLoss)
    #expect(orders.first?.order?.actor == "officer:window1")
    #expect(orders.first?.order?.actorOffice == "330106500000")
  }

  /// Officers who do not take up what is of Xihu district.
  static let strangers = [
    Caller(kind: .officer, id: "other", office: "330102500000", role: "accept"),
    Caller(kind: .officer, id: "reviewer", office: "330106500000", role: "review"),
    Caller(kind: .officer, id: "bureau", office: "330106000000", role: "accept"),
    Caller(kind: .officer, id: "nobody", office: "330106500000"),
  ]

  @Test(arguments: strangers)
  func `another office and another role are sent to the right one`(officer: Caller) async throws {
    let world = try await World()
    world.settle(.firstPermit)
    let draft = try await world.readyDraft(of: .firstPermit, by: .window, officer)
    let error = try await refusal { _ = try await world.submit(draft, by: officer) }
    #expect(error.code == .permissionDenied)
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
    #expect(error.metadata["office_code"] == "330106500000")
    #expect(try await world.get(draft.applicationID, by: officer).state == .draft)
  }

  @Test(arguments: [ApplicationKind.firstPermit, .residenceRegistration, .lossReport])
  func `no officer's entry is an opinion on what is his own`(_ kind: ApplicationKind) async throws {
    let world = try await World()
    world.settle(kind)
    let number = ModelV1.ApplicationForm.good(for: kind).applicant?.citizenID
    var officer = World.windowOfficer
    officer.citizenID = number?.lowercased()
    let draft = try await world.readyDraft(of: kind, by: .window, officer)
    // What nobody decides takes nobody's opinion.
    if kind == .lossReport {
      _ = try await world.submit(draft, by: officer)
      return
    }
    let himself = officer
    let error = try await refusal { _ = try await world.submit(draft, by: himself) }
    #expect(error.reason == "OFFICER_MUST_RECUSE")
    #expect(try await world.get(draft.applicationID, by: himself).state == .draft)
    _ = try await world.submit(draft, by: World.windowOfficer)
  }

  @Test func `a slip is entered at the station of the residence, with what was shown`() async throws
  {
    let world = try await World()
    var form = ModelV1.ApplicationForm.good(for: .confirmationSlip)
    form.shownPaper = .householdBook
    form.proxy = ModelV1.Proxy(
      capacity: .trustee, citizenID: guardianNumber, name: "李梅")
    let officer = World.windowOfficer
    let application = try await world.submitted(
      of: .confirmationSlip, form, by: .window, officer)
    #expect(application.form?.shownPaper == .householdBook)
    #expect(application.form?.proxy?.name == "李梅")
    #expect(application.about?.certificateIdentifier == "1.2.156.3005.2.X")
    try await world.deliver()
    #expect(try world.openedCases().first?.form?.proxy?.capacity == .trustee)
  }

  @Test func `where nobody fetches a slip for the holder, that is a finding`() async throws {
    let world = try await World()
    let officer = Caller(kind: .officer, id: "wu", office: "330302500000", role: "accept")
    world.registry.register(adultNumber, division: "330302", since: "2025-03-01")
    world.registry.issue(adultNumber, in: "330302")
    var form = ModelV1.ApplicationForm.good(for: .confirmationSlip)
    form.residence = ModelV1.Address(divisionCode: "330302", street: "五马街道", detail: "1号")
    form.proxy = ModelV1.Proxy(
      capacity: .trustee, citizenID: guardianNumber, name: "李梅")
    let draft = try await world.readyDraft(of: .confirmationSlip, form, by: .window, officer)
    let answer = try await world.submit(draft, by: officer)
    #expect(answer.findings.filter { !$0.passed }.map(\.rule) == ["PROXY_NOT_ALLOWED"])
  }

  @Test func `a collector records a declaration, and accepts nothing`() async throws {
    let world = try await World()
    let application = try await world.submitted(
      of: .residenceRegistration, by: .collector, World.collector)
    #expect(application.state == .submitted)
    #expect(application.channel == .collector)
    #expect(application.enteredAtOffice == "330106500000")
    try await world.deliver()
    let opened = try #require(try world.openedCases().first)
    #expect(opened.channel == .collector)
    #expect(opened.acceptingOfficer == "")
    #expect(try world.toldTexts().map(\.templateID) == ["application_received"])
  }

  @Test func `whoever comes online enters at no counter, and a collector no permit`() async throws {
    let world = try await World()
    let rows: [(Caller, ModelV1.Channel)] = [
      (World.applicant, .window), (World.integrator, .collector), (World.windowOfficer, .app),
      (World.windowOfficer, .collector), (World.collector, .window),
    ]
    for (caller, channel) in rows {
      let error = try await refusal {
        _ = try await world.draft(of: .residenceRegistration, by: channel, caller)
      }
      #expect(error.told == ["channel CHANNEL_NOT_OF_CALLER"], "\(caller.id)")
    }
    let permit = try await refusal {
      _ = try await world.draft(of: .firstPermit, by: .collector, World.collector)
    }
    #expect(permit.reason == "KIND_NOT_OFFERED")
  }

  @Test func `an officer reaches what his office entered; the applicant finds it too`() async throws
  {
    let world = try await World()
    let id = try await world.submitted(of: .firstPermit, by: .window, World.windowOfficer)
      .applicationID
    let colleague = Caller(kind: .officer, id: "c", office: "330106500000", role: "review")
    let above = Caller(kind: .officer, id: "b", office: "330106000000", role: "approve")
    for reader in [colleague, above, World.applicant, World.auditor] {
      #expect(try await world.get(id, by: reader).applicationID == id)
    }
    let elsewhere = Caller(kind: .officer, id: "e", office: "330102500000", role: "accept")
    let denied = try await refusal { _ = try await world.get(id, by: elsewhere) }
    #expect(denied.reason == "OFFICER_WRONG_OFFICE")
    let unknown = try await refusal { _ = try await world.get("no-such", by: elsewhere) }
    #expect(unknown.reason == "APPLICATION_NOT_FOUND")
    let listed = try await ListApplicationsTests.list(world, by: elsewhere)
    #expect(listed.applications.isEmpty)
    #expect(try await ListApplicationsTests.list(world, by: above).applications.count == 1)
  }

  @Test func `an officer does not reach what came in online`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let error = try await refusal { _ = try await world.get(id, by: World.windowOfficer) }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `the person cannot submit what an officer began for him`() async throws {
    let world = try await World()
    world.settle(.firstPermit)
    let draft = try await world.readyDraft(of: .firstPermit, by: .window, World.windowOfficer)
    let error = try await refusal { _ = try await world.submit(draft, by: World.applicant) }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `an officer has so many drafts of a kind and no more`() async throws {
    let world = try await World()
    for _ in 0..<DraftLimits.ofOfficerMax {
      _ = try await world.draft(of: .cancellation, by: .window, World.windowOfficer)
    }
    let error = try await refusal {
      _ = try await world.draft(of: .cancellation, by: .window, World.windowOfficer)
    }
    #expect(error.reason == ErrorReason.draftsTooMany.rawValue)
  }
}
