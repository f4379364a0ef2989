import Crypto
import DomainModel
import RPC
import Synchronization
import Transport
import Wire

/// An intake service under load, over several connections in turn. Every answer is looked at.
final class Intake: Sendable {
  private static let timeoutMs: Int64 = 30_000

  private let channels: [GRPCClientChannel]
  private let options: CallOptions
  private let turn = Atomic<Int>(0)

  init(port: Int, token: String, connections: Int) {
    self.channels = (0..<connections).map { _ in
      GRPCClientChannel(
        ClientConfiguration(host: "127.0.0.1", port: port, random: SecureRandom()))
    }
    self.options = CallOptions(
      timeoutMs: Self.timeoutMs, metadata: Metadata(["authorization": "Bearer \(token)"]),
      waitForReady: true)
  }

  /// A new draft of a first permit.
  func createDraft() async throws -> IntakeV1.CreateDraftResponse {
    try await self.client.createDraft(
      .init(idempotencyKey: Self.key("draft"), kind: .firstPermit, channel: .app),
      options: self.options)
  }

  /// The draft after one of its steps.
  func update(
    _ draft: IntakeV1.Application, _ step: IntakeV1.UpdateDraftRequest.Step
  ) async throws -> IntakeV1.Application {
    let answer = try await self.client.updateDraft(
      .init(
        idempotencyKey: Self.key("update"), applicationID: draft.applicationID,
        expectedVersion: draft.version, step: step),
      options: self.options)
    guard let next = answer.application else { throw WrongAnswer() }
    return next
  }

  /// A new draft, and the header by which a picture goes into it.
  func draft(for scan: Scan, _ number: Int) async throws -> IntakeV1.UploadHeader {
    guard let draft = try await self.createDraft().application else { throw WrongAnswer() }
    return IntakeV1.UploadHeader(
      idempotencyKey: Self.key("upload"), applicationID: draft.applicationID, kind: .idCard,
      sizeBytes: Int64(scan.sizeBytes), sha256: try scan.sha256(number))
  }

  /// Uploads a small picture into a draft.
  func upload(
    _ bytes: [UInt8], _ kind: ModelV1.MaterialKind, into applicationID: String
  ) async throws {
    let digest = try RunningDigest(.sha256)
    try digest.update(bytes)
    let header = IntakeV1.UploadHeader(
      idempotencyKey: Self.key("upload"), applicationID: applicationID, kind: kind,
      sizeBytes: Int64(bytes.count), sha256: try digest.finish())
    try await self.upload([bytes], as: header)
  }

  /// Uploads a picture in chunks; it is on disk when this returns.
  func upload(_ chunks: [[UInt8]], as header: IntakeV1.UploadHeader) async throws {
    let answer = try await self.client.uploadMaterial(options: self.options) { writer in
      try await writer.write(.init(part: .header(header)))
      for chunk in chunks { try await writer.write(.init(part: .chunk(chunk))) }
    }
    guard answer.material?.sha256 == header.sha256 else { throw WrongAnswer() }
  }

  /// Submits a draft; its case is on its way when this returns.
  func submit(_ applicationID: String) async throws {
    let answer = try await self.client.submitApplication(
      .init(idempotencyKey: "bench-submit-\(applicationID)", applicationID: applicationID),
      options: self.options)
    guard answer.submitted, answer.findings.allSatisfy(\.passed) else { throw WrongAnswer() }
  }

  func close() async {
    for channel in self.channels { await channel.close() }
  }

  private var client: IntakeV1.IntakeServiceClient {
    let turn = self.turn.add(1, ordering: .relaxed).oldValue
    return IntakeV1.IntakeServiceClient(self.channels[turn % self.channels.count])
  }

  static func key(_ what: String) -> String {
    "bench-\(what)-" + SecureRandom().bytes(12).map { String($0, radix: 16) }.joined()
  }
}

struct WrongAnswer: Error {}
