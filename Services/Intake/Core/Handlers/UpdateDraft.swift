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
      return try await call.commit { transaction, stamp in
        let after = try self.change(transaction, id, within: reach, stamp) { draft in
          try draft.require([.draft])
          try draft.require(version: request.expectedVersion)
          return try written.applied(to: draft, at: stamp.now)
        }
        return IntakeV1.UpdateDraftResponse(application: .init(outlineOf: after))
      }
    }
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

  /// The draft after the step.
  func applied(to draft: Application, at now: Timestamp) throws -> ApplicationStep {
    switch self {
    case .commitment(let noticeVersion):
      return ApplicationStep(
        next: try draft.assenting(to: noticeVersion, at: now), event: .commitmentGiven)
    case .form(let form):
      let person = CitizenID.check(form.input.applicant.citizenID, on: CivilDate(of: now)).value
      return ApplicationStep(
        next: try draft.filling(in: form, at: now),
        event: .formWritten(person))
    }
  }
}
