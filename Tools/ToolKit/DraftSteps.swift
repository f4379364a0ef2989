import ArgumentParser
import Crypto
package import RPC
package import Wire

/// A material on disk, read whole: at most 2 MiB.
package struct Upload: Sendable {
  package static let bytesMax = 2_097_152
  package static let chunkBytes = 65_536

  package let kind: ModelV1.MaterialKind
  package let evidence: ModelV1.EvidenceKind
  package let bytes: [UInt8]

  package init(kind: ModelV1.MaterialKind, evidence: ModelV1.EvidenceKind, bytes: [UInt8]) {
    self.kind = kind
    self.evidence = evidence
    self.bytes = bytes
  }
}

/// The calls of the four steps of an application.
package struct DraftSteps: Sendable {
  package let services: Services
  package let caller: Caller

  /// The calls of `caller`.
  package init(services: Services, caller: Caller) {
    self.services = services
    self.caller = caller
  }

  package func create() async throws -> IntakeV1.Application {
    let request = IntakeV1.CreateDraftRequest(
      idempotencyKey: freshKey("draft"), kind: .firstPermit, channel: .app)
    let options = try self.services.options(as: self.caller)
    return try self.application(
      await self.services.intake.createDraft(request, options: options).application)
  }

  package func commit(
    _ application: IntakeV1.Application, notice: String
  ) async throws -> IntakeV1.Application {
    try await self.update(
      application, .commitment(IntakeV1.Commitment(noticeVersion: notice, assented: true)))
  }

  package func write(
    _ form: ModelV1.ApplicationForm, to application: IntakeV1.Application
  ) async throws -> IntakeV1.Application {
    try await self.update(application, .form(form))
  }

  package func upload(_ upload: Upload, to application: IntakeV1.Application) async throws {
    let header = IntakeV1.UploadHeader(
      idempotencyKey: freshKey("upload"), applicationID: application.applicationID,
      kind: upload.kind, evidence: upload.evidence, sizeBytes: Int64(upload.bytes.count),
      sha256: try DigestAlgorithm.sha256.digest(upload.bytes))
    let options = try self.services.options(as: self.caller)
    _ = try await self.services.intake.uploadMaterial(options: options) { writer in
      try await writer.write(IntakeV1.UploadMaterialRequest(part: .header(header)))
      var rest = upload.bytes[...]
      while !rest.isEmpty {
        let chunk = rest.prefix(Upload.chunkBytes)
        try await writer.write(IntakeV1.UploadMaterialRequest(part: .chunk(Array(chunk))))
        rest = rest.dropFirst(Upload.chunkBytes)
      }
    }
  }

  package func submit(
    _ application: IntakeV1.Application, acknowledging: Bool
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let request = IntakeV1.SubmitApplicationRequest(
      idempotencyKey: freshKey("submit"), applicationID: application.applicationID,
      acknowledgeFindings: acknowledging)
    return try await self.services.intake.submitApplication(
      request, options: self.services.options(as: self.caller))
  }

  private func update(
    _ application: IntakeV1.Application, _ step: IntakeV1.UpdateDraftRequest.Step
  ) async throws -> IntakeV1.Application {
    let request = IntakeV1.UpdateDraftRequest(
      idempotencyKey: freshKey("update"), applicationID: application.applicationID,
      expectedVersion: application.version, step: step)
    let options = try self.services.options(as: self.caller)
    return try self.application(
      await self.services.intake.updateDraft(request, options: options).application)
  }

  private func application(_ answer: IntakeV1.Application?) throws -> IntakeV1.Application {
    guard let answer else { throw ValidationError("Intake answered without an application.") }
    return answer
  }
}
