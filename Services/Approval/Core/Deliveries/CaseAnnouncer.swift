import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// Who is told of an event: the registry of a decision, intake of what the applicant must know.
/// Nobody is told of an outcome before the registry has signed or recorded it.
struct CaseAnnouncer: Sendable {
  /// Where a refusal can be appealed against.
  let offices: CaseOffices
  /// Whether intake is told again what it has lost, and the applicant is not.
  var isAgain = false

  /// The messages an event makes necessary; counts the steps told to intake. One lane a case and
  /// destination: steps stay in order, and a service that is away holds back only what is meant for
  /// it.
  func messages(
    _ record: inout CaseRecord, _ event: CaseEvent
  ) throws -> [OutboxMessage] {
    switch event {
    case .accepted(let opinion, let from, let promise, let statute):
      let acceptance = IntakeV1.Acceptance(
        acceptedAtMs: from.milliseconds, promiseDue: .init(promise), statuteDue: .init(statute))
      return [
        try self.progress(.accepted(acceptance), at: opinion.signedAt, of: &record, by: opinion)
      ]
    case .deemedAccepted(let at, let from, let promise, let statute):
      let acceptance = IntakeV1.Acceptance(
        acceptedAtMs: from.milliseconds, promiseDue: .init(promise), statuteDue: .init(statute))
      return [try self.progress(.accepted(acceptance), at: at, of: &record)]
    case .supplementNeeded(let opinion):
      let notice = IntakeV1.SupplementNotice(
        notifiedAtMs: opinion.signedAt.milliseconds, reasons: opinion.reasons.map { .init($0) },
        round: Int32(opinion.round))
      return [
        try self.progress(
          .supplementNeeded(notice), at: opinion.signedAt, of: &record, by: opinion)
      ]
    case .notAccepted(let opinion):
      let refusal = self.refusal(opinion, of: record.file)
      return [
        try self.progress(.notAccepted(refusal), at: opinion.signedAt, of: &record, by: opinion)
      ]
    case .refused(let opinion):
      let refusal = self.refusal(opinion, of: record.file)
      return [
        try self.progress(.refused(refusal), at: opinion.signedAt, of: &record, by: opinion)
      ]
    // One officer's acceptance is his decision: intake hears of that alone, once it has its effect.
    case .approved, .confirmed, .effected: return try self.nextOrder(record)
    case .issued: return [try self.completed(&record)]
    case .supplemented(_, let at, let clocks):
      return [try self.progress(.resumed(.init(clocks)), at: at, of: &record)]
    case .withdrawn(let at):
      let withdrawn = IntakeV1.WithdrawnCase(withdrawnAtMs: at.milliseconds)
      return [try self.progress(.withdrawn(withdrawn), at: at, of: &record)]
    case .closed(let closure):
      return [try self.progress(.closed(.init(closure)), at: closure.closedAt, of: &record)]
    case .reviewed, .handled, .issueRefused, .expedited, .supplementLapsed, .alarmed, .moved,
      .held, .holdReleased:
      return []
    case .paused, .clockResumed, .extended, .recounted:
      return try self.clockMessages(&record, event)
    }
  }

  /// What the applicant must know of the clocks.
  private func clockMessages(
    _ record: inout CaseRecord, _ event: CaseEvent
  ) throws -> [OutboxMessage] {
    switch event {
    case .paused(let pause):
      let stop = IntakeV1.ClockStop(
        kind: .init(pause.reason), pausedAtMs: pause.pausedAt.milliseconds,
        expectedUntilOn: pause.expectedUntil.iso)
      return [try self.progress(.paused(stop), at: pause.pausedAt, of: &record)]
    case .clockResumed(let at, let clocks):
      return [try self.progress(.resumed(.init(clocks)), at: at, of: &record)]
    case .extended(let made, let statute, let rule):
      let extended = IntakeV1.StatuteExtension(
        extendedAtMs: made.extendedAt.milliseconds, days: Int32(made.days),
        statuteDue: .init(statute), rule: rule)
      return [try self.progress(.extended(extended), at: made.extendedAt, of: &record)]
    case .recounted(let moves, let clocks):
      guard Self.isFollowed(record.file) else { return [] }
      // Of a stage's term the applicant is not told, and of acceptance's not once it is accepted.
      let told: Set<CaseTerm> = clocks.acceptedAt == nil ? [.guarding] : [.promise, .statute]
      guard let at = moves.first(where: { told.contains($0.term) })?.movedAt else { return [] }
      return [try self.progress(.resumed(.init(clocks)), at: at, of: &record)]
    default: return []
    }
  }

  /// Whether intake shows the applicant the dates that run. While he is waited for it does not,
  /// and his supplement brings those that hold then; and what one officer decides it knows as
  /// submitted until that has its effect.
  private static func isFollowed(_ file: ApprovalCase) -> Bool {
    let isDecidedAlone = file.opinions.contains { $0.stage == .confirm && $0.decision == .pass }
    return file.state.waitingFor != .applicant && !isDecidedAlone
  }

  private func completed(_ record: inout CaseRecord) throws -> OutboxMessage {
    guard let effect = record.file.effect else {
      throw UnusableData("case \(record.file.id) is complete without an effect")
    }
    let completion = IntakeV1.Completion(
      completedAtMs: effect.at.milliseconds, certificateIdentifier: effect.certificateIdentifier,
      validToOn: effect.validTo?.iso ?? "", registrationID: effect.registrationID)
    return try self.progress(.completed(completion), at: effect.at, of: &record)
  }

  /// The order that the registry is given next: those it has carried out are not given again, also
  /// where another one was refused and the decision is given anew.
  private func nextOrder(_ record: CaseRecord) throws -> [OutboxMessage] {
    guard let decision = record.file.decision else { return [] }
    let orders = try DecidedCase(record, decision).orders()
    return Array(orders.dropFirst(record.file.effectsCount).prefix(1))
  }

  private func progress(
    _ step: IntakeV1.RecordProgressRequest.Step, at instant: Timestamp, of record: inout CaseRecord,
    by last: Opinion? = nil
  ) throws -> OutboxMessage {
    record.progress += 1
    let id = record.file.id
    let key = "\(id.text)-\(self.isAgain ? "again" : "progress")-\(record.progress)"
    let request = IntakeV1.RecordProgressRequest(
      idempotencyKey: key, applicationID: record.file.origin.applicationID,
      sequence: record.progress, occurredAtMs: instant.milliseconds, step: step,
      again: self.isAgain, opinions: Self.opinions(record.file, at: step, last))
    return try OutboxMessage(
      request, IntakeV1.CaseProgressServiceMethods.recordProgress, to: .intake,
      lane: CaseLane.intake(id), key: key)
  }

  /// The opinions up to the one that led to a step, of completion up to the decision: the same
  /// whenever the step is told, also again, after others were signed.
  private static func opinions(
    _ file: ApprovalCase, at step: IntakeV1.RecordProgressRequest.Step, _ last: Opinion?
  ) -> [IntakeV1.SignedOpinion] {
    var last = last
    if case .completed = step { last = file.decision }
    guard let last, let index = file.opinions.firstIndex(of: last) else { return [] }
    return file.opinions.prefix(through: index).map(IntakeV1.SignedOpinion.init)
  }

  private func refusal(_ opinion: Opinion, of file: ApprovalCase) -> IntakeV1.Refusal {
    let appeal = self.offices.appeal(
      against: opinion.officeCode, or: file.origin.bureauCode, on: CivilDate(of: opinion.signedAt))
    return IntakeV1.Refusal(
      decidedAtMs: opinion.signedAt.milliseconds, reasons: opinion.reasons.map { .init($0) },
      reconsiderationAuthority: appeal?.reviewAuthority ?? "", court: appeal?.court ?? "")
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
