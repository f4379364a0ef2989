import ArgumentParser
package import RPC
package import Wire

extension Services {
  /// Reads the case and signs an opinion on the version that was read.
  package func sign(
    caseID: String, _ stage: ApprovalV1.Stage, _ decision: ApprovalV1.Decision,
    _ reasons: [ModelV1.Reason] = [], text: String = "", as officer: Caller
  ) async throws -> ApprovalV1.Case {
    let read = try await self.approval.getCase(
      ApprovalV1.GetCaseRequest(key: .caseID(caseID)), options: self.options(as: officer))
    return try await self.sign(
      caseID: caseID, version: read.`case`?.version ?? 0, stage, decision, reasons, text: text,
      as: officer)
  }

  /// Signs an opinion on a version of a case.
  package func sign(
    caseID: String, version: Int64, _ stage: ApprovalV1.Stage, _ decision: ApprovalV1.Decision,
    _ reasons: [ModelV1.Reason] = [], text: String = "", as officer: Caller
  ) async throws -> ApprovalV1.Case {
    let request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: freshKey("opinion"), caseID: caseID,
      expectedVersion: version, stage: stage, decision: decision,
      reasons: reasons, text: text)
    let answer = try await self.approval.recordOpinion(
      request, options: self.options(as: officer))
    guard let signed = answer.`case` else {
      throw ValidationError("Approval answered without a case.")
    }
    return signed
  }
}
