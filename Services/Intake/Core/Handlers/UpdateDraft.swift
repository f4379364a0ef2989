import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Writes one step of a draft. An incomplete form is stored as it is; only its size is bounded.
  func updateDraft(
    _ request: IntakeV1.UpdateDraftRequest, _ context: CallContext
  ) async throws -> IntakeV1.UpdateDraftResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let written = try DraftStep(request)
      let (id, reach) = (ID<Application>(request.applicationID), try Reach(of: context))
      let rules = try? self.policy(on: CivilDate(of: call.now)).materials
      return try await call.commit { transaction, stamp in
        let after = try self.change(transaction, id, within: reach, stamp) { draft in
          try draft.require([.draft])
          try draft.require(version: request.expectedVersion)
          return try written.applied(to: draft, under: rules, at: stamp.now)
        }
        return IntakeV1.UpdateDraftResponse(application: .init(outlineOf: after))
      }
    }
  }
}

/// The step that a call writes.
private enum DraftStep: Sendable {
  case commitment(noticeVersion: String)
  case form(ModelV1.ApplicationForm)

  /// The most a notice's version has, in characters.
  static let noticeVersionCharactersMax = 64

  /// Reads the step; throws `REQUEST_INVALID` where there is none or it is out of bounds.
  init(_ request: IntakeV1.UpdateDraftRequest) throws {
    var defects = DefectList()
    switch request.step {
    case .commitment(let commitment):
      if !commitment.assented { defects.add(.commitmentNotAssented, at: "commitment.assented") }
      defects.add(
        TextRules.defects(
          of: commitment.noticeVersion, charactersMax: Self.noticeVersionCharactersMax),
        at: "commitment.notice_version")
      try defects.throwIfAny(.requestInvalid)
      self = .commitment(noticeVersion: commitment.noticeVersion)
    case .form(let form):
      let bytes = try form.wireBytes()
      if bytes.count > FormDocument.bytesMax { defects.add(.textTooLong, at: "form") }
      try defects.throwIfAny(.requestInvalid)
      self = .form(form)
    case nil:
      defects.add(.fieldMissing, at: "step")
      try defects.throwIfAny(.requestInvalid)
      throw ServiceError(.requestInvalid)
    }
  }

  /// The draft after the step.
  func applied(
    to draft: Application, under rules: MaterialSettings?, at now: Timestamp
  ) throws -> ApplicationStep {
    switch self {
    case .commitment(let noticeVersion):
      return ApplicationStep(
        next: try draft.assenting(to: noticeVersion, at: now), event: .commitmentGiven)
    case .form(let written):
      var signed = written
      try signed.kinship?.sign(
        after: draft.form.map { try ModelV1.ApplicationForm(wireBytes: $0.bytes).kinship } ?? nil,
        under: rules, at: now)
      let form = FormDocument(bytes: try signed.wireBytes(), input: FormInput(signed))
      let person = CitizenID.check(form.input.applicant.citizenID, on: CivilDate(of: now)).value
      return ApplicationStep(
        next: try draft.filling(in: form, at: now),
        event: .formWritten(person))
    }
  }
}

extension ModelV1.KinshipCommitment {
  /// Notes when it was assented to, and the text: that is the signature. The same words that were
  /// assented to before keep their time.
  fileprivate mutating func sign(
    after earlier: Self?, under rules: MaterialSettings?, at now: Timestamp
  ) {
    self.text = ""
    self.assentedAtMs = 0
    guard self.assented else { return }
    if var same = earlier, same.assentedAtMs > 0 {
      let (text, assentedAtMs) = (same.text, same.assentedAtMs)
      (same.text, same.assentedAtMs) = ("", 0)
      if same == self {
        (self.text, self.assentedAtMs) = (text, assentedAtMs)
        return
      }
    }
    // Assent to another text than the one in force is told on submission.
    self.text = self.textVersion == rules?.kinshipTextVersion ? rules?.kinshipText ?? "" : ""
    self.assentedAtMs = now.milliseconds
  }
}
