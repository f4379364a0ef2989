import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// Who is told of an event: the registry of an approval, intake of what the applicant must know.
/// Nobody is told of an outcome before the registry has signed it.
struct CaseAnnouncer: Sendable {
  /// Where bureaus stand that a refusal can be appealed against.
  let offices: OfficeTable
  /// Whether intake is told again what it has lost, and the applicant is not.
  var isAgain = false

  /// Where to go against a refusal by a bureau (行政复议, 行政诉讼); nil for a code that is no
  /// bureau's on that day.
  func appeal(against bureau: String, on date: CivilDate) -> Office.Appeal? {
    self.offices.office(bureau, on: date)?.appeal
  }

  /// The messages an event makes necessary; counts the steps told to intake. One lane a case and
  /// destination: steps stay in order, and a service that is away holds back only what is meant for
  /// it.
  func messages(
    _ record: inout CaseRecord, _ event: CaseEvent
  ) throws -> [OutboxMessage] {
    let file = record.file
    switch event {
    case .accepted(let opinion, let acceptedAt, let promise, let statute):
      let acceptance = IntakeV1.Acceptance(
        acceptedAtMs: acceptedAt.milliseconds, promiseDue: .init(promise),
        statuteDue: .init(statute))
      return try self.progress(
        .accepted(acceptance), at: opinion.signedAt, of: &record, by: opinion)
    case .supplementNeeded(let opinion):
      let notice = IntakeV1.SupplementNotice(
        notifiedAtMs: opinion.signedAt.milliseconds, reasons: opinion.reasons.map { .init($0) },
        round: Int32(opinion.round))
      return try self.progress(
        .supplementNeeded(notice), at: opinion.signedAt, of: &record, by: opinion)
    case .notAccepted(let opinion):
      let refusal = self.refusal(opinion, of: file)
      return try self.progress(
        .notAccepted(refusal), at: opinion.signedAt, of: &record, by: opinion)
    case .refused(let opinion):
      let refusal = self.refusal(opinion, of: file)
      return try self.progress(.refused(refusal), at: opinion.signedAt, of: &record, by: opinion)
    case .approved(let opinion): return [try self.issue(record, opinion)]
    case .issued(let issue):
      let completion = IntakeV1.Completion(
        completedAtMs: issue.issuedAt.milliseconds,
        certificateIdentifier: issue.certificateIdentifier, validToOn: issue.validTo.iso)
      return try self.progress(.completed(completion), at: issue.issuedAt, of: &record)
    case .supplemented(_, let at, let clocks):
      return try self.progress(.resumed(.init(clocks)), at: at, of: &record)
    case .reviewed, .issueRefused: return []
    }
  }

  private func progress(
    _ step: IntakeV1.RecordProgressRequest.Step, at instant: Timestamp, of record: inout CaseRecord,
    by last: Opinion? = nil
  ) throws -> [OutboxMessage] {
    record.progress += 1
    let id = record.file.id.text
    let key = "\(id)-\(self.isAgain ? "again" : "progress")-\(record.progress)"
    let request = IntakeV1.RecordProgressRequest(
      idempotencyKey: key, applicationID: record.file.origin.applicationID,
      sequence: record.progress, occurredAtMs: instant.milliseconds, step: step,
      again: self.isAgain, opinions: Self.opinions(record.file, at: step, last))
    return [
      try OutboxMessage(
        request, IntakeV1.CaseProgressServiceMethods.recordProgress, to: .intake,
        lane: "case:\(id):intake", key: key)
    ]
  }

  /// The opinions up to the one that led to a step: the same whenever the step is told, also again,
  /// after others were signed. With completion there are all of them.
  private static func opinions(
    _ file: ApprovalCase, at step: IntakeV1.RecordProgressRequest.Step, _ last: Opinion?
  ) -> [IntakeV1.SignedOpinion] {
    if case .completed = step { return file.opinions.map(IntakeV1.SignedOpinion.init) }
    guard let last, let index = file.opinions.firstIndex(of: last) else { return [] }
    return file.opinions.prefix(through: index).map(IntakeV1.SignedOpinion.init)
  }

  private func refusal(_ opinion: Opinion, of file: ApprovalCase) -> IntakeV1.Refusal {
    let appeal = self.appeal(
      against: file.origin.bureauCode, on: CivilDate(of: opinion.signedAt))
    return IntakeV1.Refusal(
      decidedAtMs: opinion.signedAt.milliseconds, reasons: opinion.reasons.map { .init($0) },
      reconsiderationAuthority: appeal?.reviewAuthority ?? "", court: appeal?.court ?? "")
  }

  /// The order to issue. The issue date is the day of the approval opinion in Asia/Shanghai, never
  /// the day the registry handles it.
  ///
  /// `lost`: the permit that was issued on it and that the registry has lost.
  func issue(
    _ record: CaseRecord, _ opinion: Opinion, lost: ApprovalCase.Issue? = nil
  ) throws -> OutboxMessage {
    let (file, papers) = (record.file, record.papers)
    let form = try ModelV1.ApplicationForm(wireBytes: papers.form)
    let materials = try CaseFile.materials(papers.materials)
    let key = "\(file.id.text)-\(lost == nil ? "issue" : "reissue")-\(opinion.round)"
    let request = RegistryV1.IssuePermitRequest(
      idempotencyKey: key, applicationID: file.origin.applicationID, caseID: file.id.text,
      holder: form.applicant, residence: form.residence, phone: form.phone,
      photoSha256: materials.last { $0.kind == .photo }?.sha256 ?? [],
      bureauCode: file.origin.bureauCode, issuedOn: CivilDate(of: opinion.signedAt).iso,
      actor: "officer:\(opinion.officerID)", actorOffice: opinion.officeCode,
      policyVersion: file.origin.policyVersion,
      certificateIdentifier: lost?.certificateIdentifier ?? "",
      issuedAtMs: lost?.issuedAt.milliseconds ?? 0)
    return try OutboxMessage(
      request, RegistryV1.CertificateRegistryServiceMethods.issuePermit, to: .registry,
      lane: "case:\(file.id.text):registry", key: key)
  }
}

extension IntakeV1.Resumption {
  /// The clocks that run from a supplement on: until acceptance only its guard, then both terms.
  init(_ clocks: RunningClocks) {
    if clocks.acceptedAt == nil {
      self.init(acceptanceDue: .init(clocks.acceptance))
    } else {
      self.init(
        promiseDue: clocks.promise.map(ModelV1.DueDate.init),
        statuteDue: clocks.statute.map(ModelV1.DueDate.init))
    }
  }
}
