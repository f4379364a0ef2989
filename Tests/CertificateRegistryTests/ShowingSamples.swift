import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Wire

@testable import CertificateRegistryCore

extension CallOptions {
  /// The `person`th person, whose face was checked at an instant; nil where it was not.
  static func holder(
    _ person: Int, faceAt instant: Timestamp?, acting capacity: ActingCapacity? = nil
  ) -> CallOptions {
    let login = Login(
      act: capacity.map { Login.Act(id: "mother", capacity: $0) }, faceCheckedAt: instant)
    return CallOptions(
      metadata: Metadata(
        caller: Caller(
          kind: .applicant, id: "person-\(person)", citizenID: CitizenIDs.woman(person),
          login: login)))
  }

  /// A platform of another department.
  static func verifier(_ id: String) -> CallOptions {
    CallOptions(metadata: Metadata(caller: Caller(kind: .integrator, id: id)))
  }
}

extension RegistryV1.VerifyPermitRequest {
  /// A look in the division of the sample's residence.
  static func sample(
    _ subject: Subject, for purpose: RegistryV1.VerifyPurpose = .housing,
    in division: String = "330106", key: String = ""
  ) -> Self {
    Self(idempotencyKey: key, subject: subject, purpose: purpose, divisionCode: division)
  }
}

extension RegistryV1.PrintConfirmationSlipRequest {
  static func sample(_ permit: RegistryV1.Permit) -> Self {
    Self(
      idempotencyKey: "slip-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, shownPaper: .identityCard)
  }
}

extension RegistryFixture {
  /// The holder of the first permit, whose face was checked just now.
  var holder: CallOptions { .holder(1, faceAt: self.clock.now()) }

  /// What strangers verify with.
  func verifier() throws -> Verifier {
    let key = try SM2PublicKey(pem: self.signer.publicKeyPEM)
    guard let trusted = TrustedKey(id: self.signer.keyID, key: key),
      let ring = SigningKeyRing([trusted])
    else { throw ServiceError(.requestInvalid) }
    return Verifier(trusting: ring)
  }

  /// Loads the permit of the first person.
  @discardableResult
  func load(key: String = "load-key-of-person-1") async throws -> RegistryV1.LoadPermitResponse {
    try await self.client.loadPermit(.init(idempotencyKey: key), options: self.holder)
  }

  /// A code of the first person's.
  func present(
    key: String = "present-key-of-person-1", for purpose: RegistryV1.VerifyPurpose = .unspecified
  ) async throws -> RegistryV1.CreatePresentationResponse {
    try await self.client.createPresentation(
      .init(idempotencyKey: key, certificateIdentifier: "", purpose: purpose),
      options: self.holder)
  }

  /// What a platform is told.
  func look(
    _ request: RegistryV1.VerifyPermitRequest, as options: CallOptions = .verifier("housing-1")
  ) async throws -> RegistryV1.VerifyPermitResponse {
    try await self.client.verifyPermit(request, options: options)
  }

  /// The looks that are kept, oldest first: verifier, means, the permit's id or nothing, reasons.
  func looks() async throws -> [[String]] {
    try await self.store.read { snapshot in
      try snapshot.rows(
        "SELECT verifier, means, permit_id, reasons FROM provision ORDER BY id"
      ).map { row in
        [
          try row.text("verifier"), try row.text("means"),
          try row.optionalText("permit_id") ?? "", try row.text("reasons"),
        ]
      }
    }
  }

  /// Reports the first person's permit lost.
  func lose(_ permit: RegistryV1.Permit) async throws {
    _ = try await self.client.reportLoss(
      .init(
        idempotencyKey: "loss-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier,
        order: .holder(CivilDate(of: self.clock.now()).iso)),
      options: .intake)
  }

  /// Cancels the first person's permit.
  func cancel(_ permit: RegistryV1.Permit) async throws {
    _ = try await self.client.cancelPermit(
      .init(
        idempotencyKey: "cancel-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier,
        order: .sample(CivilDate(of: self.clock.now()).iso), reason: .ownRequest),
      options: .approval)
  }

  /// Notes that an endorsement of the first person's permit is applied for.
  func notePending(_ permit: RegistryV1.Permit, on day: String) async throws {
    _ = try await self.client.noteEndorsementPending(
      .init(
        idempotencyKey: "pending-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, applicationID: "application-2",
        what: .submittedOn(day)),
      options: .intake)
  }
}

/// The reason, or the broken rules, of what `body` throws; nil where it throws nothing.
func refusal(_ body: () async throws -> Void) async throws -> [String]? {
  do {
    try await body()
    return nil
  } catch let error as ServiceError {
    return error.violations.isEmpty ? [error.reason] : error.violations.map(\.reason)
  }
}
