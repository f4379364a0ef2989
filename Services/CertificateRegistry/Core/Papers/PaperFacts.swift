import Documents
import DomainModel
import Papers
import PermitProof

// What a certificate says, as papers write it: names in place of codes.

extension PaperHolder {
  /// The holder of a certificate.
  init(_ document: PermitDocument, photo: Picture?, _ divisions: DivisionTable) {
    let holder = document.holder
    self.init(
      name: holder.name, sex: holder.sex,
      ethnicity: Ethnicity(code: holder.ethnicityCode)?.name ?? holder.ethnicityCode,
      birthOn: holder.birthOn, citizenID: holder.citizenID,
      household: holder.household.inFull(divisions), photo: photo)
  }
}

extension PaperPermit {
  /// The permit of a certificate, where it stands so.
  init(_ document: PermitDocument, _ status: Status, _ divisions: DivisionTable) {
    self.init(
      certificateIdentifier: document.naming.identifier.text,
      residence: document.residence.inFull(divisions), bureau: document.signing.authority.name,
      term: PermitTerm(issuedOn: document.term.issuedOn, validToOn: document.term.validToOn),
      status: status)
  }
}

extension RegistryPolicy {
  /// Where a permit stands, as papers say it. Throws `PERMIT_WRONG_STATE` of one that is lost or
  /// cancelled: showing it has been stopped (Decree 663, Art. 11), or it does not live any more.
  func paperStatus(of permit: Permit, at now: Timestamp) throws -> PaperPermit.Status {
    let state = self.state(of: permit, at: now)
    switch state {
    case .valid: return self.isPastFullYear(permit, at: now) ? .endorsementPending : .valid
    case .endorsementWindow: return .endorsementWindow
    case .suspended: return .suspended(since: self.suspendedFrom(permit) ?? CivilDate(of: now))
    case .lost, .cancelled:
      throw ServiceError(
        .permitWrongState,
        metadata: ["state": state.rawValue, "rule": "居住证暂行条例 Art. 11; 行政许可法 Art. 70"])
    }
  }
}
