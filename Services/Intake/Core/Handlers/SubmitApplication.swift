import DomainModel
import Logging
import RPC
import Storage
import Wire

extension IntakeHandlers {
  /// How often a submission is judged again when the draft was changed meanwhile.
  static let submitAttemptsMax = 3

  /// Submits a draft. Defects refuse it; findings that fail must be acknowledged; then it is
  /// stored, and the approval service and the applicant are told.
  ///
  /// The registry is asked before the transaction begins. If the draft was changed between the two,
  /// all is judged again.
  func submitApplication(
    _ request: IntakeV1.SubmitApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let call = try Self.inboxCall(request, key: request.idempotencyKey, context)
    if let answer = try await self.store.firstAnswer(to: call) {
      return try IntakeV1.SubmitApplicationResponse(wireBytes: answer)
    }
    for _ in 0..<Self.submitAttemptsMax {
      let judged = try await self.judge(ID(request.applicationID), context)
      guard judged.isClear || request.acknowledgeFindings else {
        return IntakeV1.SubmitApplicationResponse(
          submitted: false, findings: judged.findings.map(ModelV1.Finding.init))
      }
      do {
        return try await self.store(judged, as: call, context)
      } catch is DraftChanged {
        continue
      }
    }
    throw ServiceError(.versionStale)
  }

  /// Judges a draft as it stands. Throws `FORM_DEFECTIVE` with every defect, and
  /// `APPLICATION_ALREADY_OPEN` where the person has another application in progress.
  private func judge(
    _ id: ID<Application>, _ context: CallContext
  ) async throws -> JudgedDraft {
    let caller = try context.requireCaller()
    let draft = try await self.store.application(.id(id), within: Self.reach(of: caller))
    try draft.require([.draft])
    let now = self.effects.time.now()
    let reading = self.reading(of: draft, by: caller, on: CivilDate(of: now))
    let form = try ApplicationForm(reading)
    if let number = try await self.store.openNumber(ofCitizen: form.citizenID.text) {
      throw ServiceError(.applicationAlreadyOpen, metadata: ["application_number": number])
    }
    let residence = try await self.residence(of: form.citizenID, context)
    return JudgedDraft(
      draft: draft, form: form, findings: try self.findings(reading, residence), at: now)
  }

  private func store(
    _ judged: JudgedDraft, as call: InboxCall, _ context: CallContext
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let caller = try context.requireCaller()
    let now = judged.at
    let submission = try self.submission(of: judged)
    let document = try self.document(of: judged)
    let numbers = self.numbers(for: judged)
    let newPerson: ID<Person> = self.effects.makeID(now)
    let event = Self.event(
      "submitted", of: judged.draft.id, by: caller, at: now,
      detail: judged.findings.filter { !$0.passed }.map(\.rule.rawValue).joined(separator: ","))
    let answer = try await self.store.answerOnce(call, at: now) { transaction in
      let draft = try transaction.application(judged.draft.id, within: Self.reach(of: caller))
      try draft.require([.draft])
      if draft.version != judged.draft.version { throw DraftChanged() }
      var submission = submission
      submission.number = try transaction.free(of: numbers).text
      let next = try draft.submitting(document, submission, at: now)
      try transaction.saveSubmission(
        next, submission, person: judged.form.citizenID, newPerson: newPerson, by: event)
      try transaction.owe(CaseMessages.openCase(next, submission))
      try transaction.owe(Texts.received(next, submission, judged.form))
      return try IntakeV1.SubmitApplicationResponse(
        submitted: true, receipt: .init(submission),
        findings: submission.findings.map(ModelV1.Finding.init)
      ).wireBytes()
    }
    context.logger.info(
      "application submitted", metadata: ["application.id": "\(judged.draft.id)"])
    return try IntakeV1.SubmitApplicationResponse(wireBytes: answer)
  }
}

/// A draft without defect, with what was found, as it stood at one instant.
struct JudgedDraft: Sendable {
  let draft: Application
  let form: ApplicationForm
  let findings: [Finding]
  let at: Timestamp

  /// Every rule of eligibility is met.
  var isClear: Bool { self.findings.allSatisfy(\.passed) }
}

/// The draft was changed after it was judged.
private struct DraftChanged: Error {}
