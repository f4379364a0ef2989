import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Decisions that the registry would not carry out, or not all of.
struct OutcomeRefusedTests {
  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  @Test(arguments: TestEngine.all)
  func `what the registry has done is not ordered again`(_ engine: TestEngine) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      desk.registry.refuse(
        Methods.changeRegistration, with: ServiceError(.registrationEnded))
      let id = try await OutcomeTests.decided(desk, OutcomeTests.request(desk, .addressChange))
      try await desk.deliver()
      #expect(desk.registry.calls == ["ChangePermitAddress", "ChangeRegistration"])
      let file = try await desk.read(id)
      #expect(file.state == .issueRefused)
      #expect(file.outcome?.issueRefusedReasons.map(\.code) == ["REGISTRATION_ENDED"])
      // Nobody was told that it is done.
      #expect(desk.intake.told.isEmpty)
      let other = Police.right(for: .confirm, id: "police-other")
      let error = await refusal { try await desk.sign(id, .confirm, by: other) }
      #expect(error.reason == "CASE_OF_ANOTHER_OFFICER")
      desk.registry.refuse(Methods.changeRegistration, with: nil)
      try await desk.sign(id, .confirm)
      try await desk.deliver()
      #expect(
        desk.registry.calls == ["ChangePermitAddress", "ChangeRegistration", "ChangeRegistration"])
      let completed = try await desk.read(id)
      #expect(completed.state == .completed)
      #expect(completed.outcome?.certificateIdentifier == FakeRegistry.identifier)
      #expect(completed.outcome?.registrationID == FakeRegistry.registration)
      #expect(desk.intake.told.map(\.sequence) == [1])
    }
  }

  @Test func `a permit of another unit leaves the registration, and is refused by its reason`()
    async throws
  {
    let desk = try await Desk()
    desk.registry.refuse(Methods.changePermitAddress, with: ServiceError(.permitMustConvert))
    let id = try await OutcomeTests.decided(desk, OutcomeTests.request(desk, .addressChange))
    try await desk.deliver()
    #expect(desk.registry.calls == ["ChangePermitAddress"])
    let incomplete = await refusal {
      try await desk.sign(id, .confirm, .refuse, ["EVIDENCE_FALSE"])
    }
    #expect(incomplete.violations.map(\.reason) == ["REASON_OMITTED"])
    let refused = try await desk.sign(id, .confirm, .refuse, ["PERMIT_MUST_CONVERT"])
    #expect(refused.state == .refused)
    try await desk.deliver()
    guard case .refused = desk.intake.told.last?.step else {
      Issue.record("\(desk.intake.told)")
      return
    }
  }
}
