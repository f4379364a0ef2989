import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Submits a draft of the caller's with the person's own assent, which takes the place of the
  /// draft's commitment. Throws `ASSENT_MISSING` without one.
  func submit(
    _ prepared: IntakeV1.PreparedApplication, of rowKey: String, _ call: MutatingCall,
    _ context: CallContext
  ) async throws -> IntakeV1.BatchRowResult {
    let id = ID<Application>(prepared.applicationID)
    let draft = try await self.store.find(.id(id), within: Reach(of: context))
    try draft.require([.draft])
    guard let assent = prepared.assent else { throw ServiceError(.assentMissing) }
    let order = SubmissionOrder(
      draft: .stored(id), acknowledgesFindings: prepared.acknowledgeFindings,
      assent: try AssentInput(assent).checked(to: draft, at: call.now))
    return try await self.submit(order, as: call, context) { try .init(rowKey: rowKey, $0) }
  }

  /// Declares one person's residence: draft and submission in one transaction. Throws
  /// `REGISTRATION_NOT_GRANTED` where the settings do not name the caller.
  func register(
    _ registration: IntakeV1.BatchRegistration, of rowKey: String, _ call: MutatingCall,
    _ context: CallContext
  ) async throws -> IntakeV1.BatchRowResult {
    let caller = try context.requireCaller()
    guard self.registrars.contains(caller.id) else {
      throw ServiceError(.registrationNotGranted)
    }
    let draft = try self.declaration(registration, by: caller, call)
    let policy = try self.policy(named: draft.policyVersion, on: CivilDate(of: call.now))
    let checkedAt = Timestamp(milliseconds: registration.identityCheckedAtMs)
    let span = Int64(policy.faceCheckMinutes) * 60_000
    let order = SubmissionOrder(
      draft: .new(draft),
      isIdentityChecked: checkedAt <= call.now
        && checkedAt.adding(milliseconds: span) >= call.now)
    return try await self.submit(order, as: call, context) { try .init(rowKey: rowKey, $0) }
  }

  /// The draft that a row is, with its form and the commitment of whoever took the declaration.
  private func declaration(
    _ registration: IntakeV1.BatchRegistration, by caller: Caller, _ call: MutatingCall
  ) throws -> Application {
    var defects = DefectList()
    let channel = defects.take(ApplicationChannel.chosen(registration.channel), at: "channel")
    let form = registration.form ?? ModelV1.ApplicationForm()
    let bytes = try form.wireBytes()
    if registration.form == nil { defects.add(.fieldMissing, at: "form") }
    if bytes.count > FormDocument.bytesMax { defects.add(.textTooLong, at: "form") }
    defects.add(
      TextRules.defects(
        of: registration.noticeVersion, charactersMax: RecordedAssent.recordCharactersMax),
      at: "notice_version")
    try defects.throwIfAny(.requestInvalid)
    guard let channel else { throw ServiceError(.requestInvalid) }
    var draft = Application(
      id: call.stamp.newID(), owner: caller.principal, kind: .residenceRegistration,
      channel: channel, under: try self.policy(on: CivilDate(of: call.now)).version, at: call.now)
    draft.form = FormDocument(bytes: bytes, input: FormInput(form))
    draft.commitment = Commitment(
      noticeVersion: registration.noticeVersion, assentedAt: call.now)
    return draft
  }
}

extension AssentInput {
  fileprivate init(_ assent: IntakeV1.Assent) {
    self.init(
      citizenID: assent.citizenID, noticeVersion: assent.noticeVersion,
      assentedAt: Timestamp(milliseconds: assent.assentedAtMs),
      means: Choice(assent.means.rawValue, RecordedAssent.Means.init(rawValue:)),
      record: assent.record)
  }
}

extension IntakeV1.BatchRowResult {
  /// Throws `FINDINGS_NOT_ACKNOWLEDGED` where nothing was submitted, which is the row's refusal.
  fileprivate init(rowKey: String, _ outcome: SubmissionOutcome) throws {
    switch outcome {
    case .unacknowledged(let judgement):
      let failed = judgement.findings.filter { !$0.passed }.map(\.rule.rawValue)
      throw ServiceError(
        .findingsNotAcknowledged, metadata: [Self.failedRules: failed.joined(separator: ",")])
    case .submitted(let id, let submission, _):
      self.init(
        rowKey: rowKey, outcome: .submitted, applicationID: id.text,
        applicationNumber: submission.number)
    }
  }

  /// Where an error names the rules that failed, with commas between.
  static let failedRules = "failed_rules"
}
