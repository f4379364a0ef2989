import DomainModel

/// What intake says about a new case, before it is checked.
struct OriginClaim: Hashable, Sendable {
  var applicationID: String
  var applicationNumber: String
  var kind: ApplicationKind?
  var channel: ApprovalCase.Channel?
  var policyVersion: String
  var officeCode: String
  var bureauCode: String
  var submittedAt: Timestamp
  var failedRules: [String]
  var findingsCount: Int
  var materialsCount: Int
  var hasForm: Bool
  var subject: ApprovalCase.Subject
  /// Who entered it at the counter, and his office; empty where nobody did.
  var acceptingOfficer = ""
  var acceptingOffice = ""

  /// How long an id or number is at most, in characters.
  static let idCharactersMax = 64
  /// How long the identifier of a permit or a registration is at most, in characters.
  static let subjectCharactersMax = 128
  /// How many findings a case has at most.
  static let findingsMax = 50
  /// How many materials a case has at most.
  static let materialsMax = 50
  /// How many digits an office's code has.
  static let officeDigits = 12

  /// What a case needs to be decided later: without them it could not be ended.
  struct Known: Sendable {
    /// The versions of the policy that are loaded.
    var policies: PolicyEditions
    /// The offices that take part in cases.
    var offices: CaseOffices
    /// By the offices of which day it is judged.
    var day: CivilDate
  }

  /// The day by whose offices it is judged: that of its submission, for who was competent then is,
  /// though it may come here after midnight. The present one where it names none.
  func day(at now: Timestamp) -> CivilDate {
    let isDated = self.submittedAt.milliseconds > 0
    return CivilDate(of: isDated ? min(self.submittedAt, now) : now)
  }

  /// The origin; throws `REQUEST_INVALID` with every defect.
  func checked(_ known: Known) throws -> ApprovalCase.Origin {
    var defects = DefectList()
    self.checkTexts(into: &defects)
    if self.kind == nil { defects.add(.valueUnknown, at: "kind") }
    if self.channel == nil { defects.add(.valueUnknown, at: "channel") }
    self.checkPolicy(known.policies, into: &defects)
    // A refusal by this bureau must be able to name where to appeal.
    if Self.isOffice(self.bureauCode),
      known.offices.table.office(self.bureauCode, on: known.day)?.appeal == nil
    {
      defects.add(.valueUnknown, at: "bureau_code")
    }
    self.checkEntry(into: &defects)
    if self.submittedAt.milliseconds <= 0 { defects.add(.fieldMissing, at: "submitted_at_ms") }
    if !self.hasForm { defects.add(.fieldMissing, at: "form") }
    if self.materialsCount > Self.materialsMax { defects.add(.materialTooMany, at: "materials") }
    if self.findingsCount > Self.findingsMax { defects.add(.numberOutOfRange, at: "findings") }
    try defects.throwIfAny(.requestInvalid)
    guard let kind = self.kind, let channel = self.channel else {
      throw ServiceError(.requestInvalid)
    }
    return ApprovalCase.Origin(
      applicationID: self.applicationID, applicationNumber: self.applicationNumber, kind: kind,
      channel: channel, policyVersion: self.policyVersion, officeCode: self.officeCode,
      bureauCode: self.bureauCode, submittedAt: self.submittedAt, failedRules: self.failedRules,
      subject: self.subject)
  }

  /// Whoever entered it has an office, and only at the counter does an entry say anything about
  /// acceptance: a collector records declarations, never opinions (rules, Intake).
  private func checkEntry(into defects: inout DefectList) {
    let (officer, office) = (self.acceptingOfficer, self.acceptingOffice)
    if officer.isEmpty && office.isEmpty { return }
    if self.channel != .window {
      if !officer.isEmpty { defects.add(.fieldNotWanted, at: "accepting_officer") }
      if !office.isEmpty { defects.add(.fieldNotWanted, at: "accepting_office") }
      return
    }
    defects.add(
      TextRules.defects(of: officer, charactersMax: Self.idCharactersMax), at: "accepting_officer")
    if !Self.isOffice(office) { defects.add(.valueUnknown, at: "accepting_office") }
  }

  /// The policy is one that was in force when it was submitted, and has officers decide on the
  /// kind: else nobody could end the case.
  private func checkPolicy(_ policies: PolicyEditions, into defects: inout DefectList) {
    guard let policy = try? policies.version(self.policyVersion) else {
      return defects.add(.valueUnknown, at: "policy_version")
    }
    let isDated = self.submittedAt.milliseconds > 0
    if isDated && !policy.inForce.contains(CivilDate(of: self.submittedAt)) {
      defects.add(.policyOfAnotherDay, at: "policy_version")
    }
    if let kind = self.kind, policy.kinds.kinds[kind]?.stages.isEmpty ?? true {
      defects.add(.kindNotDecided, at: "kind")
    }
  }

  private func checkTexts(into defects: inout DefectList) {
    for (field, text) in [
      ("application_id", self.applicationID), ("application_number", self.applicationNumber),
    ] {
      defects.add(TextRules.defects(of: text, charactersMax: Self.idCharactersMax), at: field)
    }
    for (field, text) in [
      ("certificate_identifier", self.subject.certificateIdentifier),
      ("registration_id", self.subject.registrationID),
    ] {
      let defectsFound = TextRules.defects(
        of: text, charactersMax: Self.subjectCharactersMax, isRequired: false)
      defects.add(defectsFound, at: field)
    }
    for (field, code) in [("office_code", self.officeCode), ("bureau_code", self.bureauCode)]
    where !Self.isOffice(code) {
      defects.add(.valueUnknown, at: field)
    }
    for (index, rule) in self.failedRules.prefix(Self.findingsMax).enumerated()
    where !CaseReason.isCode(rule) {
      defects.add(.valueUnknown, at: "findings[\(index)].rule")
    }
  }

  private static func isOffice(_ code: String) -> Bool {
    code.utf8.count == Self.officeDigits && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

extension CaseReason {
  /// Whether a text can be a machine code: capital letters, digits and `_`, 1 to 64 of them.
  static func isCode(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= Self.codeCharactersMax
      && text.utf8.allSatisfy { byte in
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
      }
  }
}
