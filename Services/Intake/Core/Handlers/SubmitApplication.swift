import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// How often a submission is judged again when the draft was changed meanwhile, its number was
  /// taken, or the person's other draft was first.
  static let submitAttemptsMax = 3

  /// Submits a draft. Defects refuse it; findings that fail must be acknowledged; then it is
  /// stored, and who takes it on is told: the approval service where officers decide, else the
  /// registry; and the applicant.
  ///
  /// The registry is asked before the transaction begins. If the draft was changed between the two,
  /// all is judged again.
  func submitApplication(
    _ request: IntakeV1.SubmitApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let call = try self.once.call(request, key: request.idempotencyKey, context)
    // Looked for first as well: a repeat must not need the registry.
    if let first: IntakeV1.SubmitApplicationResponse = try await self.once.firstAnswer(to: call) {
      return first
    }
    let order = SubmissionOrder(
      draft: .stored(ID(request.applicationID)), policyVersion: request.policyVersion,
      acknowledgesFindings: request.acknowledgeFindings)
    return try await self.once.answer(call) { call in
      try await self.submit(order, as: call, context) { IntakeV1.SubmitApplicationResponse($0) }
    }
  }

  /// Carries an order out and keeps the answer with its effect; what is not acknowledged has none.
  func submit<Answer: WireMessage>(
    _ order: SubmissionOrder, as call: MutatingCall, _ context: CallContext,
    answering answer: @escaping @Sendable (SubmissionOutcome) throws -> Answer
  ) async throws -> Answer {
    for _ in 0..<Self.submitAttemptsMax {
      let judged = try await self.judge(order, context)
      guard judged.judgement.isClear || order.acknowledgesFindings else {
        return try answer(.unacknowledged(judged.judgement))
      }
      do {
        return try await self.store(judged, order, as: call, context, answering: answer)
      } catch is DraftChanged {
        continue
      } catch StorageError.uniqueViolation(constraint: IntakeMigrations.numberUnique) {
        continue
      } catch StorageError.uniqueViolation(constraint: IntakeMigrations.oneOpenUnique) {
        // Another draft of the person was first: judging again names its application.
        continue
      }
    }
    throw ServiceError(.versionStale)
  }

  /// Judges a draft as it stands. Throws `POLICY_NOT_IN_FORCE`, `FORM_DEFECTIVE` with every defect,
  /// and `APPLICATION_ALREADY_OPEN` where something is in progress that stands against it.
  private func judge(
    _ order: SubmissionOrder, _ context: CallContext
  ) async throws -> JudgedDraft {
    let caller = try context.requireCaller()
    let draft = try await self.draft(of: order, context)
    try draft.require([.draft])
    let now = self.time.now()
    let policy = try self.policy(named: order.policyVersion, on: CivilDate(of: now))
    let kind = try policy.offered(draft.kind, by: draft.channel)
    var (reading, residence) = try await self.lookingUp(
      self.reading(of: draft, as: kind, under: policy, by: caller, at: now), context)
    if order.isIdentityChecked { reading = reading.afterIdentityCheck }
    let form = try ApplicationForm(reading)
    let against = policy.kinds.conflicts.kinds(against: kind.kind)
    let open = try await self.store.openApplications(
      ofCitizen: form.citizenID.text, besides: draft.id)
    if let other = open.first(where: { against.contains($0.kind) }) { throw other.refusal }
    if residence == nil { residence = try await self.residence(of: reading, within: context) }
    let judgement = self.judge(reading, residence, besides: open.map(\.kind))
    return JudgedDraft(
      draft: draft, form: form, policy: policy, kind: kind, against: against,
      residence: residence ?? Residence(registrations: []), judgement: judgement, at: now)
  }

  /// The draft with the commitment that counts.
  private func draft(
    of order: SubmissionOrder, _ context: CallContext
  ) async throws -> Application {
    var draft: Application
    switch order.draft {
    case .stored(let id): draft = try await self.store.find(.id(id), within: Reach(of: context))
    case .new(let new): draft = new
    }
    if let assent = order.assent { draft.commitment = assent.commitment }
    return draft
  }

  private func store<Answer: WireMessage>(
    _ judged: JudgedDraft, _ order: SubmissionOrder, as call: MutatingCall,
    _ context: CallContext,
    answering answer: @escaping @Sendable (SubmissionOutcome) throws -> Answer
  ) async throws -> Answer {
    let destination = try self.destination(of: judged, by: context.requireCaller())
    let filing = self.filing(of: judged, to: destination)
    let document = try self.document(of: judged, to: destination)
    let policy = judged.policy.version
    let acceptance = self.acceptance(of: judged, to: destination)
    let reach = try Reach(of: context)
    let kept = try await call.at(judged.at).commit { transaction, stamp in
      try self.store.open(transaction, order, stamp)
      _ = try self.change(transaction, judged.draft.id, within: reach, stamp) { stored in
        try stored.require([.draft])
        if stored.version != judged.draft.version { throw DraftChanged() }
        var draft = stored
        draft.commitment = judged.draft.commitment
        return ApplicationStep(
          next: try draft.submitting(
            document, filing.submission, under: policy, accepted: acceptance, at: stamp.now),
          event: .submitted(filing))
      }
      return try answer(.submitted(judged.draft.id, filing.submission, acceptance))
    }
    context.logger.info(
      "application submitted", metadata: ["application.id": "\(judged.draft.id)"])
    return kept
  }
}

extension IntakeV1.SubmitApplicationResponse {
  fileprivate init(_ outcome: SubmissionOutcome) {
    switch outcome {
    case .unacknowledged(let judgement):
      self.init(
        submitted: false, findings: judgement.findings.map(ModelV1.Finding.init),
        suggestedKind: .init(suggested: judgement.suggestion))
    case .submitted(_, let submission, let acceptance):
      self.init(
        submitted: true, receipt: .init(submission),
        findings: submission.findings.map { ModelV1.Finding($0.bare) },
        acceptance: acceptance.map(IntakeV1.Acceptance.init))
    }
  }
}

/// A draft without defect and how it was judged, as it stood at one instant.
struct JudgedDraft: Sendable {
  let draft: Application
  let form: ApplicationForm
  /// The policy in force then, which judged it and stays its own.
  let policy: PolicySettings
  /// What that policy says of its kind, and what may not be in progress beside it.
  let kind: KindPolicy
  let against: Set<ApplicationKind>
  /// What the registry knew.
  let residence: Residence
  let judgement: Judgement
  let at: Timestamp

  /// How it comes to its effect.
  var road: Road { Road(self.kind) }
}

/// The draft was changed after it was judged.
private struct DraftChanged: Error {}
