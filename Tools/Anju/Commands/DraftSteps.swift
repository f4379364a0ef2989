import ArgumentParser
import Crypto
import Foundation
import RPC
import Wire

/// A material on disk, read whole: at most 2 MiB.
struct Upload {
  static let bytesMax = 2_097_152
  static let chunkBytes = 65_536

  let kind: ModelV1.MaterialKind
  let evidence: ModelV1.EvidenceKind
  let bytes: [UInt8]

  init(kind: ModelV1.MaterialKind, evidence: ModelV1.EvidenceKind, bytes: [UInt8]) {
    self.kind = kind
    self.evidence = evidence
    self.bytes = bytes
  }

  init(_ material: FormFile.Material, in folder: URL) throws {
    let url = folder.appendingPathComponent(material.file)
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw ValidationError("\(url.path) cannot be read.")
    }
    guard (1...Self.bytesMax).contains(data.count) else {
      throw ValidationError("\(url.path) has \(data.count) bytes; 1 to \(Self.bytesMax) go.")
    }
    self.init(
      kind: try known(material.kind, "kind"),
      evidence: try material.evidence.map { try known($0, "evidence") } ?? .unspecified,
      bytes: Array(data))
  }
}

/// The calls of the four steps, for `submit` and `walk`.
struct DraftSteps {
  let services: Services
  let caller: Caller

  func create() async throws -> IntakeV1.Application {
    let request = IntakeV1.CreateDraftRequest(
      idempotencyKey: freshKey("draft"), kind: .firstPermit, channel: .app)
    let options = try self.services.options(as: self.caller)
    return try self.application(
      await self.services.intake.createDraft(request, options: options).application)
  }

  func commit(
    _ application: IntakeV1.Application, notice: String
  ) async throws -> IntakeV1.Application {
    try await self.update(
      application, .commitment(IntakeV1.Commitment(noticeVersion: notice, assented: true)))
  }

  func write(
    _ form: ModelV1.ApplicationForm, to application: IntakeV1.Application
  ) async throws -> IntakeV1.Application {
    try await self.update(application, .form(form))
  }

  func upload(_ upload: Upload, to application: IntakeV1.Application) async throws {
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

  func submit(
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
