import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// A case on which has been decided, with what its orders to the registry are made of.
///
/// Each kind's orders stand in a file of their own. They go one after the other: the next one when
/// the registry has answered the one before, and the case is complete with the last.
struct DecidedCase: Sendable {
  let file: ApprovalCase
  let decision: Opinion
  let form: ModelV1.ApplicationForm
  let materials: [ModelV1.Material]

  /// A case and the opinion that decided on it.
  init(_ record: CaseRecord, _ decision: Opinion) throws {
    self.file = record.file
    self.decision = decision
    self.form = try ModelV1.ApplicationForm(wireBytes: record.papers.form)
    self.materials = try CaseFile.materials(record.papers.materials)
  }

  /// What the registry is to do, in this order; nothing where the record is all there is to it.
  func orders() throws -> [OutboxMessage] {
    switch self.file.origin.kind {
    case .firstPermit: [try self.firstPermit()]
    case .endorsement: try self.endorsement()
    case .conversionByPermit: [try self.conversion(by: .existingPermit)]
    case .conversionByRegistration: [try self.conversion(by: .accumulatedRegistration)]
    case .faceDataCorrection: [try self.faceDataCorrection()]
    case .cancellation: [try self.cancellation()]
    case .residenceRegistration: [try self.residenceRegistration()]
    case .addressChange: try self.addressChange()
    case .confirmationSlip: []
    // Nobody decides on them: intake tells the registry itself.
    case .contactChange, .lossReport, .lossWithdrawal: []
    }
  }

  /// The day of the decision in Asia/Shanghai: what is done counts from it, never from the day the
  /// registry handles it.
  var decidedOn: String { CivilDate(of: self.decision.signedAt).iso }

  /// The day of submission in Asia/Shanghai: what was declared or reported counts from it.
  var submittedOn: String { CivilDate(of: self.file.origin.submittedAt).iso }

  /// On whose decision a permit is changed.
  var order: RegistryV1.Order {
    RegistryV1.Order(
      applicationID: self.file.origin.applicationID, caseID: self.file.id.text,
      actor: "officer:\(self.decision.officerID)", actorOffice: self.decision.officeCode,
      decidedOn: self.decidedOn, policyVersion: self.file.origin.policyVersion)
  }

  /// The permit that is changed.
  var certificateIdentifier: String { self.file.origin.subject.certificateIdentifier }

  /// A move to the form's residence, on the day that the form gives; reported with the application.
  var move: RegistryV1.AddressMove {
    RegistryV1.AddressMove(
      residence: self.form.residence,
      changedOn: self.form.changedOn.isEmpty ? self.submittedOn : self.form.changedOn,
      reportedOn: self.submittedOn)
  }

  /// SHA-256 of the last material of a kind; empty where there is none.
  func hash(of kind: ModelV1.MaterialKind) -> [UInt8] {
    self.materials.last { $0.kind == kind }?.sha256 ?? []
  }

  /// The key of an order: another one in each round, for a decision that is given anew is a new
  /// order.
  func key(_ name: String) -> String { "\(self.file.id.text)-\(name)-\(self.decision.round)" }

  /// The call that an order is.
  func message(
    _ request: some WireMessage, _ method: Method, key: String
  ) throws -> OutboxMessage {
    try OutboxMessage(
      request, method, to: .registry, lane: CaseLane.registry(self.file.id), key: key)
  }

  /// What the registry does for approval.
  typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}

/// The lanes of a case: one for each destination, so that what is told stays in order, and a
/// service that is away holds back only what is meant for it.
enum CaseLane {
  /// What the registry is told of a case.
  static func registry(_ id: ID<ApprovalCase>) -> String { "case:\(id.text):registry" }

  /// What intake is told of a case.
  static func intake(_ id: ID<ApprovalCase>) -> String { "case:\(id.text):intake" }

  /// The id of the case whose lane it is; nil for one that is no case's.
  static func caseID(of lane: String) -> String? {
    let parts = lane.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "case" ? String(parts[1]) : nil
  }
}
