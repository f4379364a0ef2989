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
    return try await self.once.answer(call) { call in
      for _ in 0..<Self.submitAttemptsMax {
        let judged = try await self.judge(request, context)
        guard judged.judgement.isClear || request.acknowledgeFindings else {
          return IntakeV1.SubmitApplicationResponse(
            submitted: false, findings: judged.judgement.findings.map(ModelV1.Finding.init),
            suggestedKind: .init(suggested: judged.judgement.suggestion))
        }
        do {
          return try await self.store(judged, as: call, context)
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
  }

  /// Judges a draft as it stands. Throws `POLICY_NOT_IN_FORCE`, `FORM_DEFECTIVE` with every defect,
  /// and `APPLICATION_ALREADY_OPEN` where something is in progress that stands against it.
  private func judge(
    _ request: IntakeV1.SubmitApplicationRequest, _ context: CallContext
  ) async throws -> JudgedDraft {
    let caller = try context.requireCaller()
    let draft = try await self.store.find(
      .id(ID(request.applicationID)), within: Reach(of: context))
    try draft.require([.draft])
    let now = self.time.now()
    let policy = try self.policy(named: request.policyVersion, on: CivilDate(of: now))
    let kind = try policy.offered(draft.kind, by: draft.channel)
    let reading = self.reading(of: draft, as: kind, under: policy, by: caller, at: now)
    let form = try ApplicationForm(reading)
    let against = policy.kinds.conflicts.kinds(against: kind.kind)
    let open = try await self.store.openApplications(
      ofCitizen: form.citizenID.text, besides: draft.id)
    if let other = open.first(where: { against.contains($0.kind) }) { throw other.refusal }
    let residence = try await self.residence(of: reading, within: context)
    let judgement = self.judge(reading, residence, besides: open.map(\.kind))
    return JudgedDraft(
      draft: draft, form: form, policy: policy, kind: kind, against: against,
      residence: residence ?? Residence(registrations: []), judgement: judgement, at: now)
  }

  private func store(
    _ judged: JudgedDraft, as call: MutatingCall, _ context: CallContext
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let destination = try self.destination(of: judged, by: context.requireCaller())
    let filing = self.filing(of: judged, to: destination)
    let submission = filing.submission
    let document = try self.document(of: judged)
    let policy = judged.policy.version
    let acceptance = self.acceptance(of: judged, to: destination)
    let reach = try Reach(of: context)
    let answer = try await call.at(judged.at).commit { transaction, stamp in
      _ = try self.change(transaction, judged.draft.id, within: reach, stamp) { draft in
        try draft.require([.draft])
        if draft.version != judged.draft.version { throw DraftChanged() }
        return ApplicationStep(
          next: try draft.submitting(
            document, submission, under: policy, accepted: acceptance, at: stamp.now),
          event: .submitted(filing))
      }
      return IntakeV1.SubmitApplicationResponse(
        submitted: true, receipt: .init(submission),
        findings: submission.findings.map { ModelV1.Finding($0.bare) },
        acceptance: acceptance.map(IntakeV1.Acceptance.init))
    }
    context.logger.info(
      "application submitted", metadata: ["application.id": "\(judged.draft.id)"])
    return answer
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
