import DomainModel

/// The rules of the form, each of which can be broken alone. A defect blocks submission; all of
/// them are told in one answer (Decree 663, Art. 9: 一次性告知).
enum FormRule: Hashable, Sendable, CaseIterable {
  case citizenID
  case submitter
  case name
  case sex
  case ethnicity
  case household
  case residence
  case phone
  case claims
  case evidence
  case guardianPresence
  case guardianIdentity
  case guardianFitness
  case workplace
  case changedOn
  case proxy
  case shownPaper
  case commitment
  case ownMaterials
  case evidenceMaterials
  case guardianMaterials
  case kinship

  /// Notes what this rule finds in a form.
  func check(_ form: FormReading, _ defects: inout DefectList) {
    switch self {
    case .citizenID: defects.add(form.citizenID.reasons, at: "form.applicant.citizen_id")
    case .submitter: form.checkSubmitter(&defects)
    case .name: defects.add(form.name.reasons, at: "form.applicant.name")
    case .sex: form.checkSex(&defects)
    case .ethnicity: defects.add(form.ethnicity.reasons, at: "form.applicant.ethnicity_code")
    case .household:
      form.check(form.household, as: .hukou, at: "form.applicant.household_address", &defects)
    case .residence: form.checkResidence(&defects)
    case .phone: form.checkPhone(&defects)
    case .claims: form.checkClaims(&defects)
    case .evidence: form.checkEvidence(&defects)
    case .guardianPresence: form.checkGuardianPresence(&defects)
    case .guardianIdentity: form.checkGuardianIdentity(&defects)
    case .guardianFitness: form.checkGuardianFitness(&defects)
    case .workplace: form.checkWorkplace(&defects)
    case .changedOn: form.checkChangedOn(&defects)
    case .proxy: form.checkProxy(&defects)
    case .shownPaper: form.checkShownPaper(&defects)
    case .commitment: form.checkCommitment(&defects)
    case .ownMaterials: form.checkOwnMaterials(&defects)
    case .evidenceMaterials: form.checkEvidenceMaterials(&defects)
    case .guardianMaterials: form.checkGuardianMaterials(&defects)
    case .kinship: form.checkKinship(&defects)
    }
  }

  /// Everything that is wrong with a form, in the order of the rules.
  static func defects(of form: FormReading) -> DefectList {
    Self.defects(of: form, by: Self.allCases)
  }

  /// Everything that these rules find.
  static func defects(of form: FormReading, by rules: [FormRule]) -> DefectList {
    var all = DefectList()
    for rule in rules { rule.check(form, &all) }
    return all
  }
}
