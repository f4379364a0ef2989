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

  /// A new draft, and the header by which a picture goes into it.
  func draft(for scan: Scan, _ number: Int) async throws -> IntakeV1.UploadHeader {
    let answer = try await self.client.createDraft(
      .init(idempotencyKey: Self.key("draft"), kind: .firstPermit, channel: .app),
      options: self.options)
    guard let draft = answer.application else { throw WrongAnswer() }
    return IntakeV1.UploadHeader(
      idempotencyKey: Self.key("upload"), applicationID: draft.applicationID, kind: .idCard,
      sizeBytes: Int64(scan.sizeBytes), sha256: try scan.sha256(number))
  }

  /// Uploads a picture; it is on disk when this returns.
  func upload(_ scan: Scan, _ number: Int, as header: IntakeV1.UploadHeader) async throws {
    let answer = try await self.client.uploadMaterial(options: self.options) { writer in
      try await writer.write(.init(part: .header(header)))
      for chunk in scan.chunks(number) { try await writer.write(.init(part: .chunk(chunk))) }
    }
    guard answer.material?.sha256 == header.sha256 else { throw WrongAnswer() }
  }

  func close() async {
    for channel in self.channels { await channel.close() }
  }

  private var client: IntakeV1.IntakeServiceClient {
    let turn = self.turn.add(1, ordering: .relaxed).oldValue
    return IntakeV1.IntakeServiceClient(self.channels[turn % self.channels.count])
  }

  private static func key(_ what: String) -> String {
    "bench-\(what)-" + SecureRandom().bytes(12).map { String($0, radix: 16) }.joined()
  }
}

struct WrongAnswer: Error {}
