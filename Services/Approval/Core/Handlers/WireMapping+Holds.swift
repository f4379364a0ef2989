import DomainModel
import Wire

// Courts' orders on the wire.

extension ApprovalV1.CourtHold {
  init(_ hold: CourtHold) {
    self.init(
      documentNumber: hold.documentNumber, court: hold.court,
      placedAtMs: hold.placedAt.milliseconds, officerID: hold.officerID,
      officeCode: hold.officeCode, releasedAtMs: hold.release?.at.milliseconds ?? 0,
      releaseDocumentNumber: hold.release?.documentNumber ?? "",
      releaseOfficerID: hold.release?.officerID ?? "",
      releaseOfficeCode: hold.release?.officeCode ?? "")
  }
}
