import Crypto
import DomainModel
import Foundation
import RPC
import Synchronization
import Transport
import Wire

/// An approval service under load, over several connections in turn. Every answer is looked at.
final class ApprovalService: Sendable {
  private static let timeoutMs: Int64 = 30_000
  /// How many lines a look at the work asks for.
  private static let pageLines: Int32 = 50

  private let channels: [GRPCClientChannel]
  private let turn = Atomic<Int>(0)
  private let intake: CallOptions
  /// Several officers a stage, so that none holds more cases than one may.
  private let officers: [(stage: ApprovalV1.Stage, options: [CallOptions])]

  init(port: Int, connections: Int) throws {
    self.channels = (0..<connections).map { _ in
      GRPCClientChannel(
        ClientConfiguration(host: "127.0.0.1", port: port, random: SecureRandom()))
    }
    self.intake = try Self.options("INTAKE")[0]
    self.officers = [
      (.accept, try Self.options("ACCEPT")), (.review, try Self.options("REVIEW")),
      (.approve, try Self.options("APPROVE")),
    ]
  }

  private static func options(_ name: String) throws -> [CallOptions] {
    let tokens = ProcessInfo.processInfo.environment["ANJU_BENCH_\(name)"] ?? ""
    let all = tokens.split(separator: " ").map { token in
      CallOptions(
        timeoutMs: Self.timeoutMs, metadata: Metadata(["authorization": "Bearer \(token)"]),
        waitForReady: true)
    }
    if all.isEmpty { throw Usage() }
    return all
  }

  /// Opens a case; its id.
  func open(_ request: ApprovalV1.OpenCaseRequest) async throws -> String {
    let answer: ApprovalV1.OpenCaseResponse = try await self.call(
      Methods.openCase, request, self.intake)
    return answer.caseID
  }

  /// Claims a case that has just been opened, and has three officers sign it.
  func decide(_ id: String, _ number: Int) async throws {
    let (_, accepting) = self.officers[0]
    let claim: ApprovalV1.ClaimCaseResponse = try await self.call(
      Methods.claimCase,
      ApprovalV1.ClaimCaseRequest(
        idempotencyKey: "bench-claim-\(id)", caseID: id, expectedVersion: 1),
      accepting[number % accepting.count])
    for (index, each) in self.officers.enumerated() {
      let request = ApprovalV1.RecordOpinionRequest(
        idempotencyKey: "bench-\(index)-\(id)", caseID: id, expectedVersion: Int64(index + 1),
        stage: each.stage, decision: .pass, claimNumber: index == 0 ? claim.claimNumber : 0)
      let answer: ApprovalV1.RecordOpinionResponse = try await self.call(
        Methods.recordOpinion, request, each.options[number % each.options.count])
      guard answer.case?.version == Int64(index + 2) else { throw WrongAnswer() }
    }
  }

  /// A page of what waits for acceptance at an office, the first one.
  func list(_ number: Int) async throws {
    let (stage, options) = self.officers[0]
    let request = ApprovalV1.ListWorkRequest(
      stage: stage, page: ModelV1.Page(size: Self.pageLines))
    let answer: ApprovalV1.ListWorkResponse = try await self.call(
      Methods.listWork, request, options[number % options.count])
    guard answer.items.count == Int(Self.pageLines), !answer.nextPageToken.isEmpty else {
      throw WrongAnswer()
    }
  }

  func close() async {
    for channel in self.channels { await channel.close() }
  }

  private func call<Request: WireMessage, Answer: WireMessage>(
    _ method: Method, _ request: Request, _ options: CallOptions
  ) async throws -> Answer {
    let turn = self.turn.add(1, ordering: .relaxed).oldValue
    return try await self.channels[turn % self.channels.count].unary(method, request, options)
  }

  private typealias Methods = ApprovalV1.ApprovalServiceMethods
}

struct WrongAnswer: Error {}
