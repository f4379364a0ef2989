import DomainModel
import RPC
import ServiceCore
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
    let now = self.time.now()
    let reading = self.reading(of: application, by: caller, on: CivilDate(of: now))
    try FormRule.defects(of: reading, by: FormRule.neededForEligibility).throwIfAny()
    let citizenID = try reading.citizenID.get()
    let residence = try await self.residence(of: citizenID, within: context)
    let findings = try self.findings(reading, residence)
    return IntakeV1.CheckEligibilityResponse(
      findings: findings.map(ModelV1.Finding.init), eligible: findings.allSatisfy(\.passed))
  }

  /// The application's form, read on a day; an application without a form has an empty one.
  func reading(of application: Application, by caller: Caller, on today: CivilDate) -> FormReading {
    FormReading(
      application.form?.input ?? FormInput(), materials: application.slots,
      commitment: application.commitment,
      in: FormContext(
        today: today, divisions: self.region.divisions, policy: self.region.policy,
        submitter: caller.kind == .applicant ? .person(citizenID: caller.citizenID) : .anybody))
  }

  /// What the registry knows of a person, asked before any transaction begins. While it is away the
  /// caller hears that, and may repeat the call.
  func residence(
    of citizenID: CitizenID, within context: CallContext
  ) async throws -> Residence {
    do {
      let answer = try await self.registry.getResidenceHistory(
        RegistryV1.GetResidenceHistoryRequest(citizenID: citizenID.text),
        options: CallOptions(within: context, timeoutMs: Self.registryTimeoutMs))
      return try Residence(answer, self.region.divisions)
    } catch let error as ServiceError {
      throw Self.tellable(error)
    }
  }

  /// How long the registry may take to answer, in milliseconds.
  static let registryTimeoutMs: Int64 = 3_000

  /// That a peer is away is passed on; that it would not take our call is our fault and stays here.
  private static func tellable(_ error: ServiceError) -> any Error {
    switch error.code {
    case .unavailable, .resourceExhausted, .aborted, .cancelled: error
    case .deadlineExceeded: ServiceError(code: .unavailable, message: error.message)
    default: UnusableData("the registry refused: \(error.code) \(error.reason)")
    }
  }
}
