import DomainModel
import Papers
import ServiceCore
import Wire

/// As what a paper is made.
enum PaperFormat: Hashable, Sendable {
  case pdf
  case png

  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.PaperFormat) {
    switch wire {
    case .pdf: self = .pdf
    case .png: self = .png
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension RegistryV1.RenderPermitResponse {
  init(_ paper: PrintedPaper) {
    self.init(content: paper.bytes, sha256: paper.sha256)
  }
}

extension SlipPaper {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.ShownPaper) {
    switch wire {
    case .identityCard: self = .identityCard
    case .householdBook: self = .householdBook
    case .electronicPermit: self = .electronicPermit
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension SlipClaim {
  init(_ wire: RegistryV1.PrintConfirmationSlipRequest) {
    self.init(
      certificateIdentifier: wire.certificateIdentifier, shown: SlipPaper(wire.shownPaper),
      entrusted: wire.entrusted.map { EntrustedPerson(name: $0.name, citizenID: $0.citizenID) })
  }
}

extension RegistryV1.PrintConfirmationSlipResponse {
  /// All but the paper itself.
  init(_ slip: SlipRecord) {
    self.init(
      pdf: [], slipNumber: slip.number, sha256: slip.sha256,
      printedAtMs: slip.printedAt.milliseconds)
  }
}

extension VerifyPurpose {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.VerifyPurpose) {
    switch wire {
    case .education: self = .education
    case .civilAffairs: self = .civilAffairs
    case .housing: self = .housing
    case .police: self = .police
    case .points: self = .points
    case .otherService: self = .otherService
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension LookClaim {
  init(_ wire: RegistryV1.VerifyPermitRequest) {
    self.init(
      subject: wire.subject.map(LookSubject.init), purpose: VerifyPurpose(wire.purpose),
      divisionCode: wire.divisionCode)
  }
}

extension LookSubject {
  fileprivate init(_ wire: RegistryV1.VerifyPermitRequest.Subject) {
    switch wire {
    case .certificateIdentifier(let identifier): self = .certificate(identifier)
    case .presentationCode(let code): self = .presentation(code)
    case .offlineCode(let text): self = .offlineCode(text)
    case .document(let shown): self = .document(shown.document, signature: shown.signature)
    }
  }
}

extension RegistryV1.VerifyPermitResponse {
  init(_ answer: LookAnswer) {
    self.init(
      valid: answer.isValid, reasonCodes: answer.reasons.map(\.rawValue),
      verifiedAtMs: answer.at.milliseconds, maskedName: answer.maskedName,
      validToOn: answer.validToOn?.iso ?? "", effectiveHere: answer.isEffectiveHere,
      suspendedFromOn: answer.suspendedFromOn?.iso ?? "",
      residenceDays: Int32(clamping: answer.residenceDays),
      suspendedDays: Int32(clamping: answer.suspendedDays))
    self.state = answer.state.map(RegistryV1.PermitState.init) ?? .unspecified
    self.divisionCode = answer.divisionCode
    self.currentCertificateIdentifier = answer.currentIdentifier
  }
}
