import DomainModel
import People
import RPC
import ToolKit
import Wire

/// What a permit's holder does, and who looks at what he shows.
extension Taking {
  func load() async throws {
    let request = RegistryV1.LoadPermitRequest(
      idempotencyKey: freshKey("load"),
      certificateIdentifier: self.subject.certificateIdentifier)
    _ = try await self.services.registry.loadPermit(
      request, options: self.services.options(as: self.scene.holder(self.subject.person)))
  }

  mutating func present() async throws {
    let request = RegistryV1.CreatePresentationRequest(
      idempotencyKey: freshKey("present"),
      certificateIdentifier: self.subject.certificateIdentifier)
    self.subject.code = try await self.services.registry.createPresentation(
      request, options: self.services.options(as: self.scene.holder(self.subject.person))
    ).code
  }

  func verify(_ shown: RegistryV1.VerifyPermitRequest.Subject) async throws {
    let request = RegistryV1.VerifyPermitRequest(
      idempotencyKey: freshKey("verify"), subject: shown, purpose: .housing,
      divisionCode: self.subject.person.residence.divisionCode)
    let answer = try await self.services.registry.verifyPermit(
      request, options: self.services.options(as: Scene.verifier))
    guard answer.valid else {
      throw Unexpected(code: "NOT_VALID", text: answer.reasonCodes.joined(separator: ", "))
    }
  }
}
