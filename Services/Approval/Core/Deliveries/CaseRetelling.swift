import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What is told anew where intake or the registry has lost it.
struct CaseRetelling: Sendable {
  let store: ApprovalStore
  let policies: CasePolicies
  let announcer: CaseAnnouncer

  /// The retelling of a service; intake is told that it hears it again.
  init(_ handlers: ApprovalHandlers) {
    self.store = handlers.store
    self.policies = handlers.policies
    self.announcer = CaseAnnouncer(offices: handlers.announcer.offices, isAgain: true)
  }

  /// An `application`: as its case knows it, and every step since. A `permit`: the order that it
  /// was issued on, under the identifier it had.
  func messages(_ snapshot: Snapshot, _ lost: LostMessage) throws -> [OutboxMessage] {
    let key = CaseKey.applicationID(lost.applicationID)
    guard let id = try self.store.caseID(snapshot, key, within: .everything) else { return [] }
    let record = try self.store.record(snapshot, id)
    switch lost.what {
    case "application":
      return [try self.application(record)] + (try self.steps(of: record))
    case "permit":
      // Who approved is a part of the order: without him there is none. Only a first permit can be
      // issued again under its identifier.
      guard record.file.origin.kind == .firstPermit, record.file.state.isInEffect,
        let effect = record.file.effect, let decision = record.file.decision
      else { return [] }
      return [try DecidedCase(record, decision).firstPermit(lost: effect)]
    default: return []
    }
  }

  /// The steps as they were told, in their order; none where opinions were lost, for then they
  /// cannot be counted as they were.
  private func steps(of record: CaseRecord) throws -> [OutboxMessage] {
    let machine = try self.policies.machine(of: record.file.origin)
    var told = record
    told.progress = 0
    let messages = try CaseReplay.events(of: record.file, by: machine).flatMap { event in
      try self.announcer.messages(&told, event)
    }
    guard told.progress == record.progress else { return [] }
    return messages.filter { $0.destination == ServiceName.intake.rawValue }
  }

  private func application(_ record: CaseRecord) throws -> OutboxMessage {
    let (file, papers) = (record.file, record.papers)
    let (id, origin) = (file.id.text, file.origin)
    let opened = try self.policies.machine(of: origin).open(origin, as: file.id)
    let key = "\(id)-restore-\(file.version)"
    let request = IntakeV1.RestoreApplicationRequest(
      idempotencyKey: key, applicationID: origin.applicationID,
      applicationNumber: origin.applicationNumber, kind: .init(origin.kind),
      channel: .init(origin.channel), policyVersion: origin.policyVersion,
      officeCode: origin.officeCode, bureauCode: origin.bureauCode,
      submittedAtMs: origin.submittedAt.milliseconds,
      acceptanceDue: .init(opened.clocks.acceptance),
      form: try ModelV1.ApplicationForm(wireBytes: papers.form),
      materials: try CaseFile.materials(papers.materials),
      findings: try CaseFile.findings(papers.findings),
      about: .init(origin.subject))
    return try OutboxMessage(
      request, IntakeV1.CaseProgressServiceMethods.restoreApplication, to: .intake,
      lane: CaseLane.intake(file.id), key: key)
  }
}
