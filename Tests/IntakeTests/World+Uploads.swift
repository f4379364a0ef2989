import Crypto
import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Uploads and downloads as a platform makes them.
extension World {
  /// A header that announces bytes.
  func header(
    _ bytes: [UInt8], _ kind: ModelV1.MaterialKind = .idCard, to application: IntakeV1.Application,
    evidence: ModelV1.EvidenceKind = .unspecified, fromByte: Int64 = 0
  ) throws -> IntakeV1.UploadHeader {
    IntakeV1.UploadHeader(
      idempotencyKey: self.key("upload"), applicationID: application.applicationID, kind: kind,
      evidence: evidence, sizeBytes: Int64(bytes.count),
      sha256: try DigestAlgorithm.sha256.digest(bytes), fromByte: fromByte)
  }

  /// What one stream is answered, whether or not it brings all bytes; the header alone asks.
  func stream(
    _ header: IntakeV1.UploadHeader, _ bytes: ArraySlice<UInt8> = [],
    by caller: Caller = World.integrator
  ) async throws -> IntakeV1.UploadMaterialResponse {
    try await self.intake.uploadMaterial(options: self.options(caller)) { writer in
      try await writer.write(.init(part: .header(header)))
      for chunk in Self.chunks(bytes) { try await writer.write(.init(part: .chunk(chunk))) }
    }
  }

  /// Bytes in chunks as large as they may be.
  static func chunks(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: UploadLimits.chunkBytesMax).map {
      Array(bytes[$0..<min($0 + UploadLimits.chunkBytesMax, bytes.endIndex)])
    }
  }

  /// What a download says that the material is, and its chunks.
  func download(
    _ material: String, of application: String, by caller: Caller = World.integrator
  ) async throws -> (material: ModelV1.Material?, chunks: [[UInt8]]) {
    try await self.intake.downloadMaterial(
      .init(applicationID: application, materialID: material), options: self.options(caller)
    ) { stream in
      var material: ModelV1.Material?
      var chunks: [[UInt8]] = []
      for try await answer in stream {
        switch answer.part {
        case .material(let first): material = first
        case .chunk(let chunk): chunks.append(chunk)
        case nil: break
        }
      }
      return (material, chunks)
    }
  }

  /// How many uploads are under way, and how many pieces are stored.
  func kept() async throws -> [Int] {
    try await self.store.read { snapshot in
      try ["upload", "material_piece"].map { (table: SQL) in
        try snapshot.row("SELECT COUNT(*) AS count FROM \(sql: table)")?.int("count") ?? 0
      }
    }
  }

  /// Runs one round of a background job.
  func run(_ name: String) async throws {
    let job = try #require(self.assembly.jobs.first { $0.name == name })
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await job.run() }
      #expect(await self.clock.waitForSleepers(1))
      group.cancelAll()
    }
  }
}
