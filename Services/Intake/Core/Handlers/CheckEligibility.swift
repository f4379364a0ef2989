import DomainModel
import RPC
import Wire

extension IntakeHandlers {
  /// Says which rules of eligibility a draft's form meets. Of the form's defects only those matter
  /// that hide who the person is and where he lives.
  func checkEligibility(
    _ request: IntakeV1.CheckEligibilityRequest, _ context: CallContext
  ) async throws -> IntakeV1.CheckEligibilityResponse {
    let caller = try context.requireCaller()
    let application = try await self.store.find(
      .id(ID(request.applicationID)), within: Reach(of: context))
    let today = CivilDate(of: self.time.now())
    let reading = self.reading(of: application, by: caller, on: today)
    try FormRule.defects(of: reading, by: FormRule.neededForEligibility).throwIfAny()
    let judgement = try await self.judge(reading, within: context)
    return IntakeV1.CheckEligibilityResponse(
      findings: judgement.findings.map(ModelV1.Finding.init), eligible: judgement.isClear)
  }
}
