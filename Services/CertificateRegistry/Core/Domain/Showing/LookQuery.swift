import DomainModel

/// What somebody shows to a verifier.
enum LookSubject: Hashable, Sendable {
  /// The number of a certificate.
  case certificate(String)
  /// A code that the holder has made.
  case presentation(String)
  /// The text of a QR code.
  case offlineCode(String)
  /// The certificate itself.
  case document([UInt8], signature: [UInt8])

  /// The word for it in records.
  var means: String {
    switch self {
    case .certificate: "certificate_identifier"
    case .presentation: "presentation_code"
    case .offlineCode: "offline_code"
    case .document: "document"
    }
  }
}

/// A verifier's question, checked in itself.
struct LookQuery: Hashable, Sendable {
  let subject: LookSubject
  let purpose: VerifyPurpose
  /// Where the verifier serves: six digits.
  let divisionCode: String
}

/// A verifier's question as sent: not yet checked.
struct LookClaim: Hashable, Sendable {
  var subject: LookSubject?
  var purpose: VerifyPurpose?
  var divisionCode: String

  /// The question; throws with every defect. What is wrong with a code or a document is none: that
  /// is what the verifier asks about.
  func checked(on today: CivilDate, _ divisions: DivisionTable) throws -> LookQuery {
    var defects = DefectList()
    if self.subject == nil { defects.add(.fieldMissing, at: "subject") }
    if case .certificate(let identifier) = self.subject {
      defects.checkIdentifier(identifier, at: "certificate_identifier")
    }
    if self.purpose == nil { defects.add(.fieldMissing, at: "purpose") }
    Self.check(self.divisionCode, in: divisions, on: today, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let subject = self.subject, let purpose = self.purpose else {
      throw ServiceError(.requestInvalid)
    }
    return LookQuery(subject: subject, purpose: purpose, divisionCode: self.divisionCode)
  }

  private static func check(
    _ code: String, in divisions: DivisionTable, on today: CivilDate, _ defects: inout DefectList
  ) {
    let field = "division_code"
    if code.isEmpty {
      defects.add(.fieldMissing, at: field)
      return
    }
    switch divisions.standing(of: code, on: today) {
    case .current(let division) where division.kind.isCountyLevel: break
    case .current: defects.add(.divisionNotCounty, at: field)
    case .abolished: defects.add(.divisionAbolished, at: field)
    case .elsewhere: defects.add(.divisionOutsideRegion, at: field)
    case .unknown: defects.add(.divisionUnknown, at: field)
    }
  }
}
