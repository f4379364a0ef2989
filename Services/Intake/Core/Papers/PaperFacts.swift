import DomainModel
import Papers

/// What papers say of an application: names in place of codes.
struct PaperFacts: Sendable {
  let application: Application
  /// The form as it was written.
  let input: FormInput
  /// 《…省居住证》 without its marks.
  let permit: String
  /// The office that accepts.
  let office: SignedOffice
  /// The bureau that decides.
  let bureau: SignedOffice
  let number: String
  let submittedAt: Timestamp
  /// In which time an appeal can be made.
  let reviewDays: Int
  let litigationMonths: Int
  /// By when it is accepted or told what is missing, as the receipt says it: what a supplement
  /// moves later does not change the receipt. Nil where no three officers decide.
  let receiptDue: CivilDate?
  private let divisions: DivisionTable

  /// An office as it stands under a paper.
  struct SignedOffice: Hashable, Sendable {
    var name: String
    /// The text of its seal; empty where it is not listed any more.
    var seal: String
  }

  /// Nil for a draft, which has no papers.
  init?(_ application: Application, _ region: RegionRules, under policy: PolicySettings) {
    guard let submission = application.submission else { return nil }
    let day = CivilDate(of: submission.submittedAt)
    self.application = application
    self.input = application.form?.input ?? FormInput()
    self.permit = "\(region.divisions.region.name)居住证"
    let station = region.offices.office(submission.officeCode, on: day)
    self.office = SignedOffice(name: submission.officeName, seal: station?.seal ?? "")
    let bureau = region.offices.office(submission.bureauCode, on: day)
    self.bureau = SignedOffice(name: bureau?.name ?? "", seal: bureau?.seal ?? "")
    self.number = submission.number
    self.submittedAt = submission.submittedAt
    self.reviewDays = policy.reviewDays
    self.litigationMonths = policy.litigationMonths
    let isDecided = policy.kinds.kinds[application.kind]?.isDecided ?? false
    let terms = CaseTerms(policy: policy, calendar: region.calendar)
    self.receiptDue =
      isDecided ? terms.guardDue(from: day, of: application.kind).date : nil
    self.divisions = region.divisions
  }

  /// An address in full and by name; empty for one that is not there.
  func inFull(_ address: AddressInput) -> String {
    if address.divisionCode.isEmpty { return "" }
    return Address(
      division: address.divisionCode, street: address.street, community: address.community,
      detail: address.detail
    ).inFull(self.divisions)
  }

  /// The province and the county of an address, by name as far as they are known.
  func place(_ address: AddressInput) -> String {
    if address.divisionCode.isEmpty { return "" }
    return Address(division: address.divisionCode, street: "", detail: "").inFull(self.divisions)
  }

  /// Street, community and the rest.
  func detail(_ address: AddressInput) -> String {
    address.street + address.community + address.detail
  }

  var ethnicity: String {
    Ethnicity(code: self.input.applicant.ethnicityCode)?.name ?? ""
  }

  var sex: String { self.input.applicant.sex.value?.chinese ?? "" }

  /// What is applied for, as a sentence names it.
  var matter: String { self.application.kind.chinese(self.permit) }
}

extension ApplicationKind {
  /// What is applied for, in Chinese; `permit` is the permit's name.
  func chinese(_ permit: String) -> String {
    switch self {
    case .firstPermit: "《\(permit)》首次申领"
    case .residenceRegistration: "居住登记"
    case .addressChange: "居住地址变更"
    case .contactChange: "联系方式、服务处所变更"
    case .endorsement: "《\(permit)》签注"
    case .conversionByPermit: "《\(permit)》互认转换（现有证件互认）"
    case .conversionByRegistration: "《\(permit)》互认转换（居住登记时间互认）"
    case .faceDataCorrection: "《\(permit)》证面信息更正"
    case .lossReport: "《\(permit)》挂失"
    case .lossWithdrawal: "《\(permit)》解除挂失"
    case .cancellation: "《\(permit)》注销"
    case .confirmationSlip: "《\(permit)确认单》打印"
    }
  }

  /// What its form is called.
  func formTitle(_ permit: String) -> String {
    switch self {
    case .firstPermit: "《\(permit)》申领表"
    case .residenceRegistration: "居住登记申报表"
    case .addressChange: "居住地址变更申报表"
    case .contactChange: "联系方式、服务处所变更申报表"
    case .endorsement: "《\(permit)》签注申请表"
    case .conversionByPermit, .conversionByRegistration: "《\(permit)》互认转换申请表"
    case .faceDataCorrection: "《\(permit)》证面信息更正申请表"
    case .lossReport: "《\(permit)》挂失申报表"
    case .lossWithdrawal: "《\(permit)》解除挂失申报表"
    case .cancellation: "《\(permit)》注销申请表"
    case .confirmationSlip: "《\(permit)确认单》申请表"
    }
  }
}
