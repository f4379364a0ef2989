import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the registry is told by intake itself, in one lane an application: an endorsement that is
/// applied for and how that ended, and what no officer decides.
enum RegistryMessages {
  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  /// An endorsement is applied for: one in time keeps its permit from suspension (rules,
  /// Registry). Nil where there is no permit.
  static func notePending(
    _ application: Application, _ submission: Submission
  ) throws -> OutboxMessage? {
    let day = CivilDate(of: submission.submittedAt)
    return try Self.note(application, .submittedOn(day.iso), key: "pending")
  }

  /// The endorsement's application ended without one; nil for any other, and for an end that the
  /// registry knows by itself.
  static func endPending(
    _ application: Application, after progress: Progress
  ) throws -> OutboxMessage? {
    guard application.kind == .endorsement else { return nil }
    let (outcome, instant): (RegistryV1.PendingOutcome, Timestamp)
    switch progress {
    case .notAccepted(let refusal), .refused(let refusal):
      let isLapsed = application.openNotice != nil
      (outcome, instant) = (isLapsed ? .lapsed : .refused, refusal.decidedAt)
    case .withdrawn(let at): (outcome, instant) = (.withdrawn, at)
    // What closes an application has cancelled its permit.
    case .accepted, .supplementNeeded, .resumed, .paused, .extended, .completed, .closed:
      return nil
    }
    let end = RegistryV1.PendingEnd(outcome: outcome, endedOn: CivilDate(of: instant).iso)
    return try Self.note(application, .ended(end), key: "pending-ended")
  }

  private static func note(
    _ application: Application, _ what: RegistryV1.NoteEndorsementPendingRequest.What,
    key: String
  ) throws -> OutboxMessage? {
    guard let permit = application.submission?.about.certificateIdentifier else { return nil }
    let request = RegistryV1.NoteEndorsementPendingRequest(
      idempotencyKey: "\(application.id.text)-\(key)", certificateIdentifier: permit,
      applicationID: application.id.text, what: what)
    return try Self.message(
      request, Methods.noteEndorsementPending, application, key: request.idempotencyKey)
  }

  /// What the registry is to do first where no officer decides; nil where there is nothing.
  static func firstOrder(_ application: Application, _ filing: Filing) throws -> OutboxMessage? {
    guard application.kind == .contactChange, let registered = filing.registered else {
      return try Self.permitOrder(application)
    }
    return try Self.changeRegistration(registered, application, filing.submission)
  }

  /// The order about the permit; nil where the application is about none.
  static func permitOrder(_ application: Application) throws -> OutboxMessage? {
    guard let submission = application.submission,
      let permit = submission.about.certificateIdentifier
    else { return nil }
    let key = "\(application.id.text)-permit"
    let order = Self.order(application, submission)
    switch application.kind {
    case .lossReport:
      let request = RegistryV1.ReportLossRequest(
        idempotencyKey: key, certificateIdentifier: permit, order: order)
      return try Self.message(request, Methods.reportLoss, application, key: key)
    case .lossWithdrawal:
      let request = RegistryV1.WithdrawLossRequest(
        idempotencyKey: key, certificateIdentifier: permit, order: order)
      return try Self.message(request, Methods.withdrawLoss, application, key: key)
    case .contactChange:
      let request = RegistryV1.ChangePermitContactRequest(
        idempotencyKey: key, certificateIdentifier: permit, order: order,
        phone: application.form?.input.phone ?? "")
      return try Self.message(request, Methods.changePermitContact, application, key: key)
    default: return nil
    }
  }

  /// Another workplace; the address stays.
  private static func changeRegistration(
    _ registered: RegisteredResidence, _ application: Application, _ submission: Submission
  ) throws -> OutboxMessage {
    let key = "\(application.id.text)-registration"
    let form = application.form?.input ?? FormInput()
    let request = RegistryV1.ChangeRegistrationRequest(
      idempotencyKey: key, registrationID: registered.id,
      address: ModelV1.Address(registered.address), workplace: form.workplace,
      changedOn: form.changedOn, reportedOn: CivilDate(of: submission.submittedAt).iso,
      officeCode: submission.officeCode)
    return try Self.message(request, Methods.changeRegistration, application, key: key)
  }

  /// On whose word: no case stands behind it.
  private static func order(
    _ application: Application, _ submission: Submission
  ) -> RegistryV1.Order {
    RegistryV1.Order(
      applicationID: application.id.text,
      actor: submission.enteredBy.map { "officer:\($0.id)" } ?? application.owner,
      actorOffice: submission.enteredBy?.office ?? application.enteredAt ?? "",
      decidedOn: CivilDate(of: submission.submittedAt).iso,
      policyVersion: application.policyVersion)
  }

  private static func message(
    _ request: some WireMessage, _ method: Method, _ application: Application, key: String
  ) throws -> OutboxMessage {
    try OutboxMessage(
      request, method, to: .registry, lane: Self.lane(application.id), key: key)
  }
}

extension RegistryMessages {
  private static let lanePrefix = "application:"
  private static let laneSuffix = ":registry"

  private static func lane(_ id: ID<Application>) -> String {
    Self.lanePrefix + id.text + Self.laneSuffix
  }

  /// Whose lane it is; nil for any other lane.
  static func application(ofLane lane: String) -> ID<Application>? {
    guard lane.hasPrefix(Self.lanePrefix), lane.hasSuffix(Self.laneSuffix) else { return nil }
    return ID(String(lane.dropFirst(Self.lanePrefix.count).dropLast(Self.laneSuffix.count)))
  }
}

extension ModelV1.Address {
  fileprivate init(_ address: Address) {
    self.init(
      divisionCode: address.division, street: address.street, community: address.community,
      detail: address.detail)
  }
}
