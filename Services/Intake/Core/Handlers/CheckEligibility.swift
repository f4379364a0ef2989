import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// Explains which rules of eligibility of a kind a draft's form meets. Of the form's defects only
  /// those matter that make unreadable who the person is or where he lives; what is missing is told
  /// by the rules that need it.
  func checkEligibility(
    _ request: IntakeV1.CheckEligibilityRequest, _ context: CallContext
  ) async throws -> IntakeV1.CheckEligibilityResponse {
    let caller = try context.requireCaller()
    var defects = DefectList()
    let asked = defects.takeOptional(request.kind, at: "kind")
    try defects.throwIfAny(.requestInvalid)
    let application = try await self.store.find(
      .id(ID(request.applicationID)), within: Reach(of: context))
    let now = self.time.now()
    let policy = try self.policy(named: request.policyVersion, on: CivilDate(of: now))
    let kind = try policy.offered(asked ?? application.kind)
    let written = self.reading(of: application, as: kind, under: policy, by: caller, at: now)
    try written.unreadable.throwIfAny()
    let (reading, known) = try await self.lookingUp(written, context)
    let open = try await self.openApplications(besides: application, by: reading)
    var residence = known
    if residence == nil { residence = try await self.residence(of: reading, within: context) }
    let judgement = self.judge(reading, residence, besides: open.map(\.kind))
    return IntakeV1.CheckEligibilityResponse(
      findings: judgement.findings.map(ModelV1.Finding.init), eligible: judgement.isClear,
      suggestedKind: .init(suggested: judgement.suggestion), kind: .init(judgement.kind),
      policyVersion: judgement.policyVersion, dwellingProofWaived: reading.isDwellingKnown)
  }

  private func openApplications(
    besides application: Application, by reading: FormReading
  ) async throws -> [OpenApplication] {
    guard let citizenID = reading.citizenID.value else { return [] }
    return try await self.store.openApplications(
      ofCitizen: citizenID.text, besides: application.id)
  }
}

extension DefectList {
  /// A kind that may be left out; notes one that this version of the contract does not name.
  fileprivate mutating func takeOptional(
    _ kind: ModelV1.ApplicationKind, at field: String
  ) -> ApplicationKind? {
    kind == .unspecified ? nil : self.take(ApplicationKind.chosen(kind), at: field)
  }
}

extension ModelV1.ApplicationKind {
  /// Unspecified where nothing is suggested.
  init(suggested kind: ApplicationKind?) {
    self = kind.map(Self.init) ?? .unspecified
  }
}
