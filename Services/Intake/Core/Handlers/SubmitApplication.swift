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
  /// stored, and the approval service and the applicant are told.
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
  /// and `APPLICATION_ALREADY_OPEN` where the person has another application in progress.
  private func judge(
    _ request: IntakeV1.SubmitApplicationRequest, _ context: CallContext
  ) async throws -> JudgedDraft {
    let caller = try context.requireCaller()
    let draft = try await self.store.find(
      .id(ID(request.applicationID)), within: Reach(of: context))
    try draft.require([.draft])
    let now = self.time.now()
    let policy = try self.policy(named: request.policyVersion, on: CivilDate(of: now))
    let kind = try policy.open(draft.kind, by: draft.channel)
    let reading = try await self.lookingUp(
      self.reading(of: draft, as: kind, under: policy, by: caller, at: now), context)
    let form = try ApplicationForm(reading)
    if let number = try await self.store.openNumber(ofCitizen: form.citizenID.text) {
      throw ServiceError(.applicationAlreadyOpen, metadata: ["application_number": number])
    }
    // Nothing else is in progress, as was just seen.
    return JudgedDraft(
      draft: draft, form: form, policy: policy,
      judgement: try await self.judge(reading, besides: [], context), at: now)
  }

  private func store(
    _ judged: JudgedDraft, as call: MutatingCall, _ context: CallContext
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let submission = try self.submission(of: judged)
    let document = try self.document(of: judged)
    let policy = judged.policy.version
    let reach = try Reach(of: context)
    let answer = try await call.at(judged.at).commit { transaction, stamp in
      _ = try self.change(transaction, judged.draft.id, within: reach, stamp) { draft in
        try draft.require([.draft])
        if draft.version != judged.draft.version { throw DraftChanged() }
        return ApplicationStep(
          next: try draft.submitting(document, submission, under: policy, at: stamp.now),
          event: .submitted(submission, judged.form.citizenID))
      }
      return IntakeV1.SubmitApplicationResponse(
        submitted: true, receipt: .init(submission),
        findings: submission.findings.map { ModelV1.Finding($0.bare) })
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
  let judgement: Judgement
  let at: Timestamp
}

/// The draft was changed after it was judged.
private struct DraftChanged: Error {}
