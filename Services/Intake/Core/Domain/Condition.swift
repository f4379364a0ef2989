/// One of the conditions for a permit (Zhejiang Regulation, Art. 16). The raw value is the number
/// in the published contract.
enum Condition: Int32, Hashable, Sendable, CaseIterable {
  /// 合法稳定就业
  case employment = 1
  /// 合法稳定住所
  case dwelling = 2
  /// 连续就读
  case study = 3
  /// 投资创业、引进人才: Art. 16 para. 2 asks neither for the half year nor for another condition.
  case talent = 4
}

/// What an applicant shows for a condition: the check-boxes of the paper form (遂昌 2023, annex 1)
/// and the two papers of the talents' exemption. The raw value is the number in the published
/// contract.
enum EvidenceKind: Int32, Hashable, Sendable, CaseIterable {
  case labourContract = 1
  case agriculturalContract = 2
  case socialInsurance = 3
  case businessLicence = 4
  case employmentOther = 5
  case ownHouse = 6
  case unitDormitory = 7
  case rentalRegistration = 8
  case leaseFiling = 9
  case leaseContract = 10
  case rentalSafety = 11
  case rentalTaxes = 12
  case rentalOther = 13
  case dwellingOther = 14
  case primarySchool = 15
  case secondarySchool = 16
  case vocationalSchool = 17
  case university = 18
  case talentRecognition = 19
  case talentList = 20

  /// The condition it proves; the form's columns.
  var condition: Condition {
    switch self {
    case .labourContract, .agriculturalContract, .socialInsurance, .businessLicence,
      .employmentOther:
      .employment
    case .ownHouse, .unitDormitory, .rentalRegistration, .leaseFiling, .leaseContract,
      .rentalSafety, .rentalTaxes, .rentalOther, .dwellingOther:
      .dwelling
    case .primarySchool, .secondarySchool, .vocationalSchool, .university: .study
    case .talentRecognition, .talentList: .talent
    }
  }
}

extension EvidenceKind {
  /// The name that stands in the path of a violation.
  var name: String {
    switch self {
    case .labourContract: "labour_contract"
    case .agriculturalContract: "agricultural_contract"
    case .socialInsurance: "social_insurance"
    case .businessLicence: "business_licence"
    case .employmentOther: "employment_other"
    case .ownHouse: "own_house"
    case .unitDormitory: "unit_dormitory"
    case .rentalRegistration: "rental_registration"
    case .leaseFiling: "lease_filing"
    case .leaseContract: "lease_contract"
    case .rentalSafety: "rental_safety"
    case .rentalTaxes: "rental_taxes"
    case .rentalOther: "rental_other"
    case .dwellingOther: "dwelling_other"
    case .primarySchool: "primary_school"
    case .secondarySchool: "secondary_school"
    case .vocationalSchool: "vocational_school"
    case .university: "university"
    case .talentRecognition: "talent_recognition"
    case .talentList: "talent_list"
    }
  }
}
