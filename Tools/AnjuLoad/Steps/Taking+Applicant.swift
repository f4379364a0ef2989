import DomainModel
import People
import RPC
import ToolKit
import Wire

/// What an applicant does through a platform, and what he waits for.
extension Taking {
  func register() async throws {
    let person = self.subject.person
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: freshKey("register"), person: person.identity, address: person.residence,
      declaredOn: self.scene.declaredOn, officeCode: person.station)
    _ = try await self.services.registry.recordRegistration(
      request, options: self.services.options(as: .registrationSystem))
  }

  func checkEligibility() async throws {
    let request = IntakeV1.CheckEligibilityRequest(
      applicationID: self.subject.application.applicationID)
    _ = try await self.services.intake.checkEligibility(
      request, options: self.services.options(as: self.subject.platform))
  }

  func upload(
    _ kind: ModelV1.MaterialKind, _ evidence: ModelV1.EvidenceKind = .unspecified
  ) async throws {
    // Nobody's picture is another's: what is stored once for all would cost too little.
    let picture = Portrait.of(self.subject.person, number: UInt8(truncatingIfNeeded: kind.rawValue))
    let upload = Upload(kind: kind, evidence: evidence, bytes: picture)
    try await self.patiently {
      try await self.steps.upload(upload, to: self.subject.application)
    }
  }

  mutating func submit() async throws {
    let answer = try await self.steps.submit(self.subject.application, acknowledging: false)
    guard answer.submitted else {
      let rules = answer.findings.filter { !$0.passed }.map(\.rule).joined(separator: ", ")
      throw Unexpected(
        code: "NOT_ELIGIBLE", text: rules.isEmpty ? "\(answer.suggestedKind) is suggested" : rules)
    }
    self.subject.stationCode = answer.receipt?.officeCode ?? ""
  }

  mutating func awaitPermit() async throws {
    self.subject.certificateIdentifier = try await self.poll("No permit was issued") {
      let application = try await self.application(as: self.subject.platform)
      return application?.state == .completed
        ? application?.completion?.certificateIdentifier : nil
    }
  }

  func awaitText() async throws {
    let request = NotificationV1.ListMessagesRequest(
      reference: self.subject.application.applicationID,
      page: ModelV1.Page(size: Services.pageRows))
    try await self.poll("The text was not delivered") {
      let answer = try await self.services.notification.listMessages(
        request, options: self.services.options(as: .auditor))
      return answer.messages.contains {
        $0.templateID == "permit_issued" && $0.state == .delivered
      } ? () : nil
    }
  }

  func progress() async throws {
    _ = try await self.application(as: self.subject.platform)
  }

  func readGuide() async throws {
    let request = IntakeV1.GetGuideRequest(
      kind: .firstPermit, divisionCode: self.subject.person.residence.divisionCode)
    _ = try await self.services.intake.getGuide(
      request, options: self.services.options(as: self.subject.platform))
  }

  func application(as caller: Caller) async throws -> IntakeV1.Application? {
    let request = IntakeV1.GetApplicationRequest(
      key: .applicationID(self.subject.application.applicationID))
    return try await self.services.intake.getApplication(
      request, options: self.services.options(as: caller)
    ).application
  }
}
