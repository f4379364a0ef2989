import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

// Calls of officers around a case.
extension Desk {
  static let minuteMs: Int64 = 60_000

  static func officer(_ stage: Stage, _ id: String) -> Officer { Police.right(for: stage, id: id) }

  static let stationHead = Officer(id: "head-1", office: Police.station, role: "head")
  static let bureauHead = Officer(id: "head-2", office: Police.bureau, role: "head")

  @discardableResult
  func claim(
    _ id: String, by officer: Officer, version: Int64? = nil
  ) async throws -> ApprovalV1.ClaimCaseResponse {
    let present = try await self.read(id).version
    let request = ApprovalV1.ClaimCaseRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: version ?? present)
    return try await self.client.claimCase(request, options: .by(officer))
  }

  func release(_ id: String, _ claim: Int64, by officer: Officer) async throws {
    let request = ApprovalV1.ReleaseCaseRequest(
      idempotencyKey: self.key(), caseID: id, claimNumber: claim)
    _ = try await self.client.releaseCase(request, options: .by(officer))
  }

  @discardableResult
  func assign(
    _ id: String, to officerID: String, by head: Officer = Desk.stationHead
  ) async throws -> ApprovalV1.CaseDesk {
    let request = ApprovalV1.ReassignCaseRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: try await self.read(id).version,
      officerID: officerID)
    return try #require(try await self.client.reassignCase(request, options: .by(head)).desk)
  }

  @discardableResult
  func expedite(
    _ id: String, _ reason: String = "medical", by officer: Officer? = nil
  ) async throws -> ApprovalV1.ExpediteCaseResponse {
    let request = ApprovalV1.ExpediteCaseRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: try await self.read(id).version,
      reason: reason)
    return try await self.client.expediteCase(
      request, options: .by(officer ?? Police.right(for: .accept)))
  }

  func recuse(
    _ id: String, _ officerID: String = "", by officer: Officer,
    _ reason: ApprovalV1.RecusalReason = .relative
  ) async throws {
    let request = ApprovalV1.RecuseOfficerRequest(
      idempotencyKey: self.key(), caseID: id, officerID: officerID, reason: reason)
    _ = try await self.client.recuseOfficer(request, options: .by(officer))
  }

  func recordDuty(
    _ officers: [(String, [String])], by head: Officer = Desk.stationHead
  ) async throws {
    let request = ApprovalV1.RecordDutyRequest(
      idempotencyKey: self.key(),
      officers: officers.map { ApprovalV1.DutyOfficer(officerID: $0.0, roles: $0.1) })
    _ = try await self.client.recordDuty(request, options: .by(head))
  }

  /// Away from now on, for some minutes.
  func recordAbsence(
    _ officerID: String, minutes: Int64, delegate: String = "", by officer: Officer
  ) async throws {
    let now = self.clock.now().milliseconds
    let request = ApprovalV1.RecordAbsenceRequest(
      idempotencyKey: self.key(), officerID: officerID, fromMs: minutes == 0 ? 0 : now,
      untilMs: minutes == 0 ? 0 : now + minutes * Self.minuteMs, delegateID: delegate)
    _ = try await self.client.recordAbsence(request, options: .by(officer))
  }

  /// What happened around a case, action by action.
  func deskEvents(_ id: String) async throws -> [ApprovalV1.CaseEvent] {
    try await self.client.getCaseHistory(.init(caseID: id), options: .auditor).deskEvents
  }

  /// An office's work, as one of its officers finds it.
  func work(
    _ officer: Officer, _ filter: ApprovalV1.WorkFilter? = nil, stage: Stage? = nil
  ) async throws -> [ApprovalV1.WorkItem] {
    let request = ApprovalV1.ListWorkRequest(
      stage: stage.map { .init($0) } ?? .unspecified, filter: filter)
    return try await self.client.listWork(request, options: .by(officer)).items
  }
}
