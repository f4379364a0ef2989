import DomainModel
import RPC
import Storage
import Wire

extension IntakeHandlers {
  /// Writes one step of a draft. An incomplete form is stored as it is; only its size is bounded.
  func updateDraft(
    _ request: IntakeV1.UpdateDraftRequest, _ context: CallContext
  ) async throws -> IntakeV1.UpdateDraftResponse {
    let caller = try context.requireCaller()
    let call = try Self.inboxCall(request, key: request.idempotencyKey, context)
    let step = try DraftStep(request)
    let now = self.effects.time.now()
    let newPerson: ID<Person> = self.effects.makeID(now)
    let id = ID<Application>(request.applicationID)
    let answer = try await self.store.answerOnce(call, at: now) { transaction in
      let draft = try transaction.application(id, within: Self.reach(of: caller))
      try draft.require([.draft])
      try draft.require(version: request.expectedVersion)
      let next: Application
      switch step {
      case .commitment(let noticeVersion):
        next = try draft.assenting(to: noticeVersion, at: now)
        try transaction.saveCommitment(
          next, by: Self.event("commitment_given", of: id, by: caller, at: now))
      case .form(let form):
        next = try draft.filling(in: form, at: now)
        let person = CitizenID.check(form.input.applicant.citizenID, on: CivilDate(of: now)).value
        try transaction.saveForm(
          next, person: person, newPerson: newPerson,
          by: Self.event("form_written", of: id, by: caller, at: now))
      }
      return try IntakeV1.UpdateDraftResponse(application: .init(next)).wireBytes()
    }
    return try IntakeV1.UpdateDraftResponse(wireBytes: answer)
  }
}

/// The step that a call writes.
private enum DraftStep: Sendable {
  case commitment(noticeVersion: String)
  case form(FormDocument)

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
      self = .form(FormDocument(bytes: bytes, input: FormInput(form)))
    case nil:
      defects.add(.fieldMissing, at: "step")
      try defects.throwIfAny(.requestInvalid)
      throw ServiceError(.requestInvalid)
    }
  }
}
