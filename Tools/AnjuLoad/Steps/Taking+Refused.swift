import DomainModel
import People
import RPC
import ToolKit
import Wire

/// Bad input: each step succeeds by being refused as it should.
extension Taking {
  /// A citizen number whose check digit is wrong (GB 11643-1999).
  func offerBadNumber() async throws {
    let person = self.subject.person
    var identity = person.identity
    let last = identity.citizenID.last == "1" ? "2" : "1"
    identity.citizenID = identity.citizenID.dropLast() + last
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: freshKey("register"), person: identity, address: person.residence,
      declaredOn: self.scene.declaredOn, officeCode: person.station)
    try await self.refused(.invalidArgument) {
      _ = try await self.services.registry.recordRegistration(
        request, options: self.services.options(as: .registrationSystem))
    }
  }

  /// A key too short to tell one caller's requests apart.
  func offerBadKey() async throws {
    let request = IntakeV1.CreateDraftRequest(
      idempotencyKey: "short", kind: .firstPermit, channel: .app)
    try await self.refused(.invalidArgument) {
      _ = try await self.services.intake.createDraft(
        request, options: self.services.options(as: self.subject.platform))
    }
  }

  func comeWithoutToken() async throws {
    let request = IntakeV1.GetApplicationRequest(
      key: .applicationID(self.subject.application.applicationID))
    try await self.refused(.unauthenticated) {
      _ = try await self.services.intake.getApplication(request, options: self.services.anybody)
    }
  }

  /// Another platform is not even told that there is such an application.
  func askForAnothers() async throws {
    try await self.refused(.notFound) {
      _ = try await self.application(as: Scene.stranger)
    }
  }

  private func refused(
    _ code: ServiceError.Code, _ call: () async throws -> Void
  ) async throws {
    do {
      try await call()
    } catch let error as ServiceError where error.code == code {
      return
    }
    throw Unexpected(code: "NOT_REFUSED", text: "\(code) was expected, and the call was answered")
  }
}
