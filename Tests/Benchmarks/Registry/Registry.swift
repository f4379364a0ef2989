import Crypto
import DomainModel
import RPC
import Synchronization
import Transport
import Wire

/// A registry under load, over several connections in turn. Every answer is looked at.
final class Registry: Sendable {
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

  /// Issues a permit; its identifier. The permit has its leaf, as the answer says.
  func issue(_ request: RegistryV1.IssuePermitRequest) async throws -> String {
    let answer: RegistryV1.IssuePermitResponse = try await self.call(
      Methods.issuePermit, request)
    guard let permit = answer.permit, !permit.signature.isEmpty else { throw WrongAnswer() }
    return permit.certificateIdentifier
  }

  /// An officer's look at a permit.
  func get(_ identifier: String) async throws {
    let answer: RegistryV1.GetPermitResponse = try await self.call(
      Methods.getPermit, RegistryV1.GetPermitRequest(certificateIdentifier: identifier))
    guard answer.permit?.certificateIdentifier == identifier else { throw WrongAnswer() }
  }

  /// A school's question whether a permit is in force. It must be as expected.
  func verify(_ identifier: String, isValid: Bool) async throws {
    let request = RegistryV1.VerifyPermitRequest(
      subject: .certificateIdentifier(identifier), purpose: .education,
      divisionCode: IssueOrder.division)
    let answer: RegistryV1.VerifyPermitResponse = try await self.call(
      Methods.verifyPermit, request)
    guard answer.valid == isValid, answer.reasonCodes == [isValid ? "VALID" : "SUSPENDED"] else {
      throw WrongAnswer()
    }
  }

  func close() async {
    for channel in self.channels { await channel.close() }
  }

  private func call<Request: WireMessage, Answer: WireMessage>(
    _ method: Method, _ request: Request
  ) async throws -> Answer {
    let turn = self.turn.add(1, ordering: .relaxed).oldValue
    return try await self.channels[turn % self.channels.count].unary(
      method, request, self.options)
  }

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}

struct WrongAnswer: Error {}
