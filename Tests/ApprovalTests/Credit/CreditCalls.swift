import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Records of frauds as officers dispute them: p-settles decides.
extension Desk {
  static let settler = Police.right(for: .approve, id: "p-settles")
  static let milder = PenaltyDraft(
    decisionNumber: "西公(流)罚决字〔2026〕1号之一", kind: .warning, fineYuan: 0)

  /// An inspection in which two officers have found fraud; the registry is not told yet.
  func found(_ caseID: String) async throws -> String {
    let id = try await self.inspect(caseID).inspectionID
    try await self.hear(id)
    try await self.conclude(id, by: Desk.proposer)
    try await self.conclude(id, by: Desk.decider)
    return id
  }

  /// One whose permit is cancelled, and whose record the platforms have.
  func recorded() async throws -> String {
    let id = try await self.found(try await self.issued())
    try await self.deliver()
    return id
  }

  @discardableResult
  func correct(
    _ id: String, _ penalty: PenaltyDraft = Desk.milder, reason: String = "复核认定情节轻微。",
    by officer: Officer = Desk.settler, version: Int64? = nil, key: String? = nil
  ) async throws -> ApprovalV1.Inspection {
    let present = try await self.inspection(id).version
    let request = ApprovalV1.CorrectCreditEntryRequest(
      idempotencyKey: key ?? self.key(), inspectionID: id, expectedVersion: version ?? present,
      decisionNumber: penalty.decisionNumber,
      penalty: penalty.kind.map { $0 == .fine ? .fine : .warning } ?? .unspecified,
      fineYuan: Int32(penalty.fineYuan), reason: reason)
    return try #require(
      try await self.client.correctCreditEntry(request, options: .by(officer)).inspection)
  }

  @discardableResult
  func withdraw(
    _ id: String, reason: String = "处罚决定已被撤销。", by officer: Officer = Desk.settler,
    version: Int64? = nil, key: String? = nil
  ) async throws -> ApprovalV1.Inspection {
    let present = try await self.inspection(id).version
    let request = ApprovalV1.WithdrawCreditEntryRequest(
      idempotencyKey: key ?? self.key(), inspectionID: id, expectedVersion: version ?? present,
      reason: reason)
    return try #require(
      try await self.client.withdrawCreditEntry(request, options: .by(officer)).inspection)
  }

  /// What each platform keeps of an inspection, in their order; nil where it keeps nothing.
  func kept(_ id: String) -> [CreditV1.CreditEntry?] { self.platforms.map { $0.entries[id] } }
}
