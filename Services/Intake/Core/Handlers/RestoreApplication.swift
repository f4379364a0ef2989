import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension CaseProgressHandlers {
  /// Records an application that is lost here, as its case knows it. The applicant is told nothing,
  /// for he was told before.
  func restoreApplication(
    _ request: IntakeV1.RestoreApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.RestoreApplicationResponse {
    let answer: IntakeV1.RestoreApplicationResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let lost = try LostApplication(request, self.offices, self.announcer.terms)
      return try await call.commit { transaction, stamp in
        try self.store.restore(transaction, lost, stamp)
        return IntakeV1.RestoreApplicationResponse()
      }
    }
    context.logger.notice(
      "lost application is known again", metadata: ["application.id": "\(request.applicationID)"])
    return answer
  }
}

extension LostApplication {
  /// Reads what the case knows; throws `REQUEST_INVALID` with everything that is wrong with it.
  init(
    _ request: IntakeV1.RestoreApplicationRequest, _ offices: OfficeTable, _ terms: TermsByPolicy
  ) throws {
    var defects = DefectList()
    let submittedAt = Timestamp(milliseconds: request.submittedAtMs)
    let today = CivilDate(of: submittedAt)
    let kind = ApplicationKind(request.kind)
    if kind == nil { defects.add(.valueUnknown, at: "kind") }
    let channel = ApplicationChannel(rawValue: request.channel.rawValue)
    if channel == nil { defects.add(.valueUnknown, at: "channel") }
    let due = DueDate(request.acceptanceDue)
    if due == nil { defects.add(.dateInvalid, at: "acceptance_due") }
    let form = request.form ?? ModelV1.ApplicationForm()
    let applicant = CitizenID.check(
      form.applicant?.citizenID ?? "", on: .latest, from: CitizenID.anyOrigin
    ).value
    if applicant == nil { defects.add(.valueUnknown, at: "form.applicant.citizen_id") }
    let materials = request.materials.compactMap(Material.init)
    if materials.count != request.materials.count { defects.add(.valueUnknown, at: "materials") }
    try defects.throwIfAny(.requestInvalid)
    guard let kind, let channel, let due, let applicant else {
      throw ServiceError(.requestInvalid)
    }
    let submission = Submission(
      number: request.applicationNumber, submittedAt: submittedAt, officeCode: request.officeCode,
      officeName: offices.office(request.officeCode, on: today)?.name ?? "",
      bureauCode: request.bureauCode,
      acceptanceDue: due, findings: request.findings.compactMap(Finding.init),
      about: ApplicationSubject(request.about))
    let conflicts = terms.policy(request.policyVersion).kinds.conflicts
    self.init(
      id: ID(request.applicationID), kind: kind, channel: channel,
      policyVersion: request.policyVersion,
      form: FormDocument(bytes: try form.wireBytes(), input: FormInput(form)),
      filing: Filing(
        submission: submission, applicant: applicant, against: conflicts.kinds(against: kind)),
      materials: materials)
  }
}

extension ApplicationSubject {
  fileprivate init(_ wire: IntakeV1.ApplicationSubject?) {
    let (certificate, registration) = (wire?.certificateIdentifier, wire?.registrationID)
    self.init(
      certificateIdentifier: certificate?.isEmpty == false ? certificate : nil,
      registrationID: registration?.isEmpty == false ? registration : nil)
  }
}

extension Material {
  /// Nil for what this version does not know.
  fileprivate init?(_ wire: ModelV1.Material) {
    guard let kind = MaterialKind(rawValue: wire.kind.rawValue),
      let mediaType = MediaType(rawValue: wire.mediaType)
    else { return nil }
    self.init(
      id: ID(wire.materialID),
      slot: MaterialSlot(kind, evidence: EvidenceKind(rawValue: wire.evidence.rawValue)),
      mediaType: mediaType, sizeBytes: wire.sizeBytes, sha256: wire.sha256,
      uploadedAt: Timestamp(milliseconds: wire.uploadedAtMs))
  }
}

extension Finding {
  /// Nil for a rule that this version does not know.
  fileprivate init?(_ wire: ModelV1.Finding) {
    guard let rule = EligibilityRule(rawValue: wire.rule) else { return nil }
    self.init(
      rule: rule, result: Finding.Result(wire.result, passed: wire.passed),
      metOn: CivilDate(iso: wire.metOn),
      facts: wire.facts.map { Finding.Fact(name: $0.name, value: $0.value) },
      missing: wire.missing, article: wire.article)
  }
}

extension Finding.Result {
  /// What an earlier release made says only whether it was passed.
  fileprivate init(_ wire: ModelV1.FindingResult, passed: Bool) {
    switch wire {
    case .notKnown: self = .notKnown
    case .met, .notMet, .unspecified, .unrecognized: self = passed ? .met : .notMet
    }
  }
}
