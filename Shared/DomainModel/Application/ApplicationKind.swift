/// What an application is for (申请种类). A region's policy says which it offers, and how; the words
/// are those of its file.
public enum ApplicationKind: String, Hashable, Sendable, CaseIterable {
  /// A person's first residence permit (首次申领; Zhejiang Regulation, Art. 16).
  case firstPermit = "first_permit"
  /// 居住登记: the declaration from which the half year runs (Art. 7).
  case residenceRegistration = "residence_registration"
  /// 居住地址变更: a move inside the unit of registration and permit (Arts. 13 and 19).
  case addressChange = "address_change"
  /// 联系方式、服务处所变更 (Art. 13).
  case contactChange = "contact_change"
  /// 签注: another year of a permit (Art. 19).
  case endorsement
  /// 现有证件互认: a permit of another unit of the region becomes one of this unit.
  case conversionByPermit = "conversion_by_permit"
  /// 居住登记互认: half a year of registrations anywhere in the region.
  case conversionByRegistration = "conversion_by_registration"
  /// 证面信息更正: face data that are wrong (Hangzhou rules, Art. 18).
  case faceDataCorrection = "face_data_correction"
  /// 挂失
  case lossReport = "loss_report"
  /// 解挂
  case lossWithdrawal = "loss_withdrawal"
  /// 注销: at the holder's own request.
  case cancellation
  /// 确认单: the stamped paper for who has no phone.
  case confirmationSlip = "confirmation_slip"

  /// What it is called in texts to applicants.
  public var chinese: String {
    switch self {
    case .firstPermit: "居住证首次申领"
    case .residenceRegistration: "居住登记"
    case .addressChange: "居住地址变更"
    case .contactChange: "联系方式、服务处所变更"
    case .endorsement: "居住证签注"
    case .conversionByPermit, .conversionByRegistration: "居住证互认转换"
    case .faceDataCorrection: "居住证信息更正"
    case .lossReport: "居住证挂失"
    case .lossWithdrawal: "居住证解除挂失"
    case .cancellation: "居住证注销"
    case .confirmationSlip: "居住证确认单"
    }
  }
}

/// How an application comes in. The raw value is the number in the published contract.
public enum ApplicationChannel: Int32, Hashable, Sendable, CaseIterable {
  /// 掌上办: the app.
  case app = 1
  /// 网上办: the website.
  case web = 2
  /// 窗口办: an officer enters it for a person who is there.
  case window = 3
  /// 协管采集: a collector records a declaration, never an opinion.
  case collector = 4

  /// The word of the policy's file.
  public var name: String {
    switch self {
    case .app: "app"
    case .web: "web"
    case .window: "window"
    case .collector: "collector"
    }
  }
}

/// A part of the form of step 2 (在线填表). The words are the contract's field names.
public enum FormField: String, Hashable, Sendable, CaseIterable {
  /// The person, as the identity card shows him.
  case applicant
  /// Where he lives: after a move, the new address.
  case residence
  /// Where the texts go.
  case phone
  /// The conditions that he meets, and what he shows for them.
  case claims
  /// Who applies for him.
  case guardian
  /// 服务处所
  case workplace
  /// 变动日期: the day of what a change reports.
  case changedOn = "changed_on"
  /// Who acts for him, where that is no guardian.
  case proxy
  /// What was shown at the counter for a confirmation slip.
  case shownPaper = "shown_paper"
}

/// What an uploaded material is. The raw value is the number in the published contract.
public enum MaterialKind: Int32, Hashable, Sendable, CaseIterable {
  /// 居民身份证
  case idCard = 1
  /// 相片
  case photo = 2
  /// Proof of a condition.
  case evidence = 3
  /// 监护人身份证
  case guardianIDCard = 4
  /// 监护关系证明
  case guardianshipProof = 5
  /// 亲属关系承诺书, where the dwelling is a close relative's.
  case kinshipCommitment = 6
  /// 更正证明
  case correctionProof = 7

  /// The word of the policy's file and of violations.
  public var name: String {
    switch self {
    case .idCard: "id_card"
    case .photo: "photo"
    case .evidence: "evidence"
    case .guardianIDCard: "guardian_id_card"
    case .guardianshipProof: "guardianship_proof"
    case .kinshipCommitment: "kinship_commitment"
    case .correctionProof: "correction_proof"
    }
  }
}
