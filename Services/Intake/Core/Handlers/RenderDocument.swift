import Documents
import DomainModel
import Papers
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// A paper of an application as PDF, made from what is kept, dated to the step that it tells of.
  func renderDocument(
    _ request: IntakeV1.RenderDocumentRequest, _ context: CallContext
  ) async throws -> IntakeV1.RenderDocumentResponse {
    let caller = try context.requireCaller()
    guard let kind = PaperKind(request.kind, round: request.round) else {
      let reason: DefectReason = request.kind == .unspecified ? .fieldMissing : .valueUnknown
      throw ServiceError(.requestInvalid, violations: [reason.violation(at: "kind")])
    }
    let application = try await self.store.find(
      .id(ID(request.applicationID)), within: Reach(of: context))
    let paper = try self.paper(kind, of: application)
    let printed = try await self.press.make(for: caller) { printer in
      try printer.pdf(of: paper.make(), createdAt: paper.at)
    }
    return IntakeV1.RenderDocumentResponse(pdf: printed.bytes, sha256: printed.sha256)
  }

  /// A paper that there is, not made yet. Throws `DOCUMENT_NOT_THERE`.
  func paper(_ kind: PaperKind, of application: Application) throws -> UnmadePaper {
    let policy =
      (try? self.policies.version(application.policyVersion)) ?? self.policies.latest
    guard let facts = PaperFacts(application, self.region, under: policy) else {
      throw ServiceError(.documentNotThere)
    }
    if kind == .form {
      let offered = policy.kinds.kinds[application.kind]
      let form = FormPaper(
        facts: facts,
        claims: Dictionary(
          (offered?.conditions ?? []).map { ($0.condition, $0.evidence) },
          uniquingKeysWith: { first, _ in first }),
        stages: (offered?.signedStages ?? []).compactMap {
          SignedOpinion.Stage(rawValue: $0.rawValue)
        })
      return UnmadePaper(at: facts.submittedAt) { form.document() }
    }
    guard let notice = facts.notice(kind) else { throw ServiceError(.documentNotThere) }
    return UnmadePaper(at: notice.at, make: notice.document)
  }
}

/// What a paper will say, and the instant it is dated to.
struct UnmadePaper: Sendable {
  let at: Timestamp
  let make: @Sendable () throws -> Document
}

extension PaperKind {
  /// Nil for a kind that this version of the contract does not name.
  fileprivate init?(_ kind: IntakeV1.DocumentKind, round: Int32) {
    switch kind {
    case .applicationForm: self = .form
    case .receipt: self = .receipt
    case .acceptance: self = .acceptance
    case .supplementNotice: self = .notice(round: round == 0 ? nil : round)
    case .nonAcceptance: self = .nonAcceptance
    case .refusal: self = .refusal
    case .kinshipCommitment: self = .kinship
    case .cancellation: self = .cancellation
    case .unspecified, .unrecognized: return nil
    }
  }
}
