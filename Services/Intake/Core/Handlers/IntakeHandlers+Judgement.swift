import DomainModel
import RPC
import ServiceCore
import Wire

/// How a form is judged: read, then held against what the registry knows of its person.
extension IntakeHandlers {
  /// How long the registry may take to answer, in milliseconds.
  static let registryTimeoutMs: Int64 = 3_000

  /// The application's form, read on a day; an application without a form has an empty one.
  func reading(of application: Application, by caller: Caller, on today: CivilDate) -> FormReading {
    FormReading(
      application.form?.input ?? FormInput(), materials: application.slots,
      commitment: application.commitment,
      in: FormContext(
        today: today, divisions: self.region.divisions, policy: self.region.policy,
        submitter: caller.kind == .applicant ? .person(citizenID: caller.citizenID) : .anybody))
  }

  /// Judges a reading whose number and addresses are without defect. The registry is asked before
  /// any transaction begins; while it is away the caller hears that, and may repeat the call.
  func judge(_ reading: FormReading, within context: CallContext) async throws -> Judgement {
    let residence = try await self.residence(of: reading.citizenID.get(), within: context)
    guard let facts = EligibilityFacts(reading, residence) else {
      throw UnusableData("the division \(reading.residence.division) has no residence unit")
    }
    return Judgement(of: facts, policy: self.region.policy)
  }

  private func residence(
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

  /// That a peer is away is passed on; that it would not take our call is our fault and stays here.
  private static func tellable(_ error: ServiceError) -> any Error {
    switch error.code {
    case .unavailable, .resourceExhausted, .aborted, .cancelled: error
    case .deadlineExceeded: ServiceError(code: .unavailable, message: error.message)
    default: UnusableData("the registry refused: \(error.code) \(error.reason)")
    }
  }
}
