/// One of the conditions for a permit (Zhejiang Regulation, Art. 16). The raw value is the number
/// in the published contract.
public enum Condition: Int32, Hashable, Sendable, CaseIterable {
  /// 合法稳定就业
  case employment = 1
  /// 合法稳定住所
  case dwelling = 2
  /// 连续就读
  case study = 3
  /// 投资创业、引进人才: Art. 16 para. 2 asks neither for the half year nor for another condition.
  case talent = 4

  /// The word of the policy's file.
  public var name: String {
    switch self {
    case .employment: "employment"
    case .dwelling: "dwelling"
    case .study: "study"
    case .talent: "talent"
    }
  }
}

/// What an applicant shows for a condition: the check-boxes of the paper form (遂昌 2023, annex 1)
/// and the two papers of the talents' exemption. The raw value is the number in the published
/// contract.
public enum EvidenceKind: Int32, Hashable, Sendable, CaseIterable {
  /// 签订劳动合同
  case labourContract = 1
  /// 签订农业承包合同
  case agriculturalContract = 2
  /// 参加社会保险
  case socialInsurance = 3
  /// 持有工商执照
  case businessLicence = 4
  /// 就业: 其他
  case employmentOther = 5
  /// 自购房屋
  case ownHouse = 6
  /// 单位内部宿舍
  case unitDormitory = 7
  /// 办理出租登记
  case rentalRegistration = 8
  /// 办理租赁登记备案
  case leaseFiling = 9
  /// 签订租赁合同
  case leaseContract = 10
  /// 符合安全条件
  case rentalSafety = 11
  /// 依法缴纳税费
  case rentalTaxes = 12
  /// 居住出租房屋: 其他
  case rentalOther = 13
  /// 住所: 其他
  case dwellingOther = 14
  /// 小学学籍证明
  case primarySchool = 15
  /// 中学学籍证明
  case secondarySchool = 16
  /// 中高等职业学校学籍证明
  case vocationalSchool = 17
  /// 普通高等学校学籍证明
  case university = 18
  /// 人才认定文件
  case talentRecognition = 19
  /// 县级以上人民政府名单
  case talentList = 20

  /// The condition it proves; the form's columns.
  public var condition: Condition {
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
  /// The word of the policy's file and of violations.
  public var name: String {
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
