import DomainModel
import RPC
import ServiceCore
import Wire

/// How a form is judged: read, then held against what the registry knows of its person.
extension IntakeHandlers {
  /// How long the registry may take to answer, in milliseconds.
  static let registryTimeoutMs: Int64 = 3_000

  /// The application's form, read at an instant as one of a kind; an application without a form has
  /// an empty one.
  func reading(
    of application: Application, as kind: KindPolicy, under policy: PolicySettings,
    by caller: Caller, at now: Timestamp
  ) -> FormReading {
    FormReading(
      application.form?.input ?? FormInput(), materials: application.slots,
      commitment: application.commitment,
      in: FormContext(
        today: CivilDate(of: now), divisions: self.region.divisions, policy: policy, kind: kind,
        channel: application.channel, submitter: caller.submitter(at: now, by: policy),
        proxy: caller.login?.act?.capacity))
  }

  /// What the registry knows of the person in a form that is not unreadable; nil where the form
  /// does not say who that is. It is asked before any transaction begins; while it is away the
  /// caller hears that, and may repeat the call.
  func residence(
    of reading: FormReading, within context: CallContext
  ) async throws -> Residence? {
    guard let citizenID = reading.citizenID.value else { return nil }
    return try await self.residence(of: citizenID, on: reading.context.today, within: context)
  }

  /// Judges a reading by what the registry knows. `open` are the kinds of the person's other
  /// applications in progress.
  func judge(
    _ reading: FormReading, _ residence: Residence?, besides open: [ApplicationKind]
  ) -> Judgement {
    var facts = EligibilityFacts(reading)
    if let residence {
      facts.registrations = .known(residence.registrations)
      facts.permit = .known(residence.permit)
    }
    facts.open = open
    let rules = Eligibility(policy: reading.context.policy, calendar: self.region.calendar)
    return Judgement(of: facts, for: reading.context.kind, by: rules)
  }

  private func residence(
    of citizenID: CitizenID, on today: CivilDate, within context: CallContext
  ) async throws -> Residence {
    try await self.asking(context) { registry, options in
      let answer = try await registry.getResidenceHistory(
        RegistryV1.GetResidenceHistoryRequest(citizenID: citizenID.text), options: options)
      var residence = try Residence(answer, on: today, self.region.divisions)
      guard !answer.liveCertificateIdentifier.isEmpty else { return residence }
      let found = try await registry.findPermits(
        RegistryV1.FindPermitsRequest(key: .citizenID(citizenID.text)), options: options)
      residence.permit = try HeldPermit(
        found, named: answer.liveCertificateIdentifier, self.region.divisions)
      return residence
    }
  }

  /// What the registry answers, within its time. That it is away is passed on.
  func asking<Answer>(
    _ context: CallContext,
    _ ask: (RegistryV1.CertificateRegistryServiceClient, CallOptions) async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await ask(
        self.registry, CallOptions(within: context, timeoutMs: Self.registryTimeoutMs))
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

extension Caller {
  /// Who submits, as the form's rules ask. A face counts as just checked for the policy's
  /// `face_check_minutes`.
  fileprivate func submitter(at now: Timestamp, by policy: PolicySettings) -> FormContext.Submitter
  {
    guard self.kind == .applicant else { return .anybody }
    let span = Int64(policy.faceCheckMinutes) * 60_000
    let isFresh = self.login?.faceCheckedAt.map { $0.adding(milliseconds: span) >= now } ?? false
    return .person(citizenID: self.citizenID, isFaceChecked: isFresh)
  }
}
