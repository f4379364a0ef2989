import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Inspections as officers lead them: p-opens opens, p-concludes concludes, p-decides decides.
extension Desk {
  static let opener = Police.right(for: .accept, id: "p-opens")
  static let proposer = Police.right(for: .review, id: "p-concludes")
  static let decider = Police.right(for: .approve, id: "p-decides")

  static let fraud = ApprovalV1.InspectionConclusion(
    outcome: .fraud, findings: "劳动合同系伪造，用人单位书面否认。", decisionNumber: "西公(流)罚决字〔2026〕1号",
    penalty: .fine, fineYuan: 200)
  static let nothing = ApprovalV1.InspectionConclusion(
    outcome: .nothingFound, findings: "用人单位确认劳动关系属实。")

  /// A case that ended in a permit, for whoever has this number.
  func issued(to number: String? = nil) async throws -> String {
    var request = self.openRequest()
    if let number { request.form?.applicant?.citizenID = number }
    let id = try await self.client.openCase(request, options: .intake).caseID
    for stage in [Stage.accept, .review, .approve] { try await self.sign(id, stage) }
    try await self.deliver()
    return id
  }

  func inspect(
    _ caseID: String, by officer: Officer = Desk.opener, grounds: String = "举报称劳动合同系伪造。",
    servedOn: String? = nil, key: String? = nil
  ) async throws -> ApprovalV1.Inspection {
    let request = ApprovalV1.OpenInspectionRequest(
      idempotencyKey: key ?? self.key(), caseID: caseID, grounds: grounds,
      noticeServedOn: servedOn ?? CivilDate(of: self.clock.now()).iso)
    return try #require(
      try await self.client.openInspection(request, options: .by(officer)).inspection)
  }

  @discardableResult
  func hear(
    _ id: String, _ text: String = "合同是中介代办的，本人不知情。", waived: Bool = false,
    by officer: Officer = Desk.opener, version: Int64? = nil
  ) async throws -> ApprovalV1.Inspection {
    let present = try await self.inspection(id).version
    let request = ApprovalV1.RecordStatementRequest(
      idempotencyKey: self.key(), inspectionID: id, expectedVersion: version ?? present,
      text: text, waived: waived)
    return try #require(
      try await self.client.recordStatement(request, options: .by(officer)).inspection)
  }

  @discardableResult
  func conclude(
    _ id: String, _ conclusion: ApprovalV1.InspectionConclusion = Desk.fraud,
    by officer: Officer, version: Int64? = nil
  ) async throws -> ApprovalV1.Inspection {
    let present = try await self.inspection(id).version
    let request = ApprovalV1.ConcludeInspectionRequest(
      idempotencyKey: self.key(), inspectionID: id, expectedVersion: version ?? present,
      conclusion: conclusion)
    return try #require(
      try await self.client.concludeInspection(request, options: .by(officer)).inspection)
  }

  func inspection(_ id: String) async throws -> ApprovalV1.Inspection {
    try #require(
      try await self.client.getInspection(.init(inspectionID: id), options: .auditor).inspection)
  }

  /// The orders to cancel that the registry was given.
  var cancellations: [RegistryV1.CancelPermitRequest] {
    get throws {
      try self.registry.orders(of: RegistryV1.CertificateRegistryServiceMethods.cancelPermit)
    }
  }
}
