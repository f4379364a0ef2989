import DomainModel
import ServiceCore
import Storage
import Wire

// What is read from the wire.

extension Stage {
  /// Nil for what the contract does not name.
  init?(_ wire: ApprovalV1.Stage) {
    switch wire {
    case .accept: self = .accept
    case .review: self = .review
    case .approve: self = .approve
    case .confirm: self = .confirm
    case .forward: self = .forward
    case .make: self = .make
    case .notify: self = .notify
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension Decision {
  /// Nil for what the contract does not name.
  init?(_ wire: ApprovalV1.Decision) {
    switch wire {
    case .pass: self = .pass
    case .supplement: self = .supplement
    case .refuse: self = .refuse
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension OpinionDraft {
  init(_ wire: ApprovalV1.RecordOpinionRequest, by officer: Officer) {
    self.init(
      officer: officer, expectedVersion: wire.expectedVersion, stage: Stage(wire.stage),
      decision: Decision(wire.decision),
      reasons: wire.reasons.map { CaseReason(code: $0.code, text: $0.text) }, text: wire.text,
      claimNumber: wire.claimNumber)
  }
}

extension CaseKey {
  /// Nil where the request names no case.
  init?(_ wire: ApprovalV1.GetCaseRequest) {
    switch wire.key {
    case .caseID(let id): self = .caseID(id)
    case .applicationID(let id): self = .applicationID(id)
    case nil: return nil
    }
  }
}

extension OriginClaim {
  init(_ wire: ApprovalV1.OpenCaseRequest) {
    self.init(
      applicationID: wire.applicationID, applicationNumber: wire.applicationNumber,
      kind: ApplicationKind(wire.kind),
      channel: ApprovalCase.Channel(wire.channel), policyVersion: wire.policyVersion,
      officeCode: wire.officeCode, bureauCode: wire.bureauCode,
      submittedAt: Timestamp(milliseconds: wire.submittedAtMs),
      failedRules: wire.findings.filter(\.isFailed).map(\.rule),
      findingsCount: wire.findings.count, materialsCount: wire.materials.count,
      hasForm: wire.form != nil,
      subject: ApprovalCase.Subject(
        certificateIdentifier: wire.certificateIdentifier, registrationID: wire.registrationID),
      acceptingOfficer: wire.acceptingOfficer, acceptingOffice: wire.acceptingOffice)
  }
}

extension ApprovalCase.Channel {
  /// Nil for what the contract does not name.
  init?(_ wire: ModelV1.Channel) {
    switch wire {
    case .app: self = .app
    case .web: self = .web
    case .window: self = .window
    case .collector: self = .collector
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ModelV1.Channel {
  init(_ channel: ApprovalCase.Channel) {
    switch channel {
    case .app: self = .app
    case .web: self = .web
    case .window: self = .window
    case .collector: self = .collector
    }
  }
}

extension ModelV1.Finding {
  /// A rule that is not met. One of which it could not be said stands against nobody.
  fileprivate var isFailed: Bool { !self.passed && self.result != .notKnown }
}

/// A list has no message of its own on the wire, so it is stored as a case that holds nothing else.
/// What stands in the table is therefore bound to the field numbers of the published `Case`, which
/// never change.
extension CaseFile {
  init(_ wire: ApprovalV1.OpenCaseRequest) throws {
    self.init(
      form: try (wire.form ?? ModelV1.ApplicationForm()).wireBytes(),
      materials: try Self.encoded(wire.materials),
      findings: try ApprovalV1.Case(findings: wire.findings).wireBytes())
  }

  /// Materials as they are stored.
  static func encoded(_ materials: [ModelV1.Material]) throws -> [UInt8] {
    try ApprovalV1.Case(materials: materials).wireBytes()
  }

  /// Stored materials.
  static func materials(_ bytes: [UInt8]) throws -> [ModelV1.Material] {
    try ApprovalV1.Case(wireBytes: bytes).materials
  }

  /// Stored findings.
  static func findings(_ bytes: [UInt8]) throws -> [ModelV1.Finding] {
    try ApprovalV1.Case(wireBytes: bytes).findings
  }
}

extension ApprovalCase.Effect {
  /// The permit that the registry has issued; nil where the answer names none.
  init?(signed wire: RegistryV1.Permit?) {
    guard let wire, wire.issuedAtMs > 0 else { return nil }
    self.init(changed: wire, at: Timestamp(milliseconds: wire.issuedAtMs))
  }

  /// The permit that the registry has changed, by an instant; nil where the answer names none. One
  /// that was cancelled is valid to no day.
  init?(changed wire: RegistryV1.Permit?, at instant: Timestamp) {
    guard let wire, !wire.certificateIdentifier.isEmpty,
      let validTo = CivilDate(iso: wire.validToOn)
    else { return nil }
    self.init(
      certificateIdentifier: wire.certificateIdentifier,
      validTo: wire.cancelledAtMs > 0 ? nil : validTo, at: instant)
  }

  /// The registration that the registry has made; nil where the answer names none.
  init?(_ wire: RegistryV1.Registration?, at instant: Timestamp) {
    guard let wire, !wire.registrationID.isEmpty else { return nil }
    self.init(registrationID: wire.registrationID, at: instant)
  }
}
