/// The officers' catalogue: what an officer may name as a reason beside the findings that came with
/// the application. A reason outside it is refused, so that refusals can be counted and compared.
///
/// It stands beside `EligibilityRule` in `proto/ERRORS.md`. A code is never reused; new ones are
/// added at the end of their group.
public enum OfficerReason: String, Hashable, Sendable, CaseIterable {
  // The material is not complete or not usable (Regulation of Residence Permits, Art. 9).
  case idCardUnclear = "ID_CARD_UNCLEAR"
  case idCardExpired = "ID_CARD_EXPIRED"
  case photoUnfit = "PHOTO_UNFIT"
  case evidenceIncomplete = "EVIDENCE_INCOMPLETE"
  case materialUnclear = "MATERIAL_UNCLEAR"
  case evidenceExpired = "EVIDENCE_EXPIRED"
  case evidenceNotOfApplicant = "EVIDENCE_NOT_OF_APPLICANT"
  case guardianshipUnproved = "GUARDIANSHIP_UNPROVED"
  // What was declared does not agree with what was shown or found.
  case identityMismatch = "IDENTITY_MISMATCH"
  case householdAddressMismatch = "HOUSEHOLD_ADDRESS_MISMATCH"
  case residenceNotFound = "RESIDENCE_NOT_FOUND"
  case supplementInsufficient = "SUPPLEMENT_INSUFFICIENT"
  // Not this office's, or not for this person (Zhejiang Regulation, Art. 2).
  case officeNotCompetent = "OFFICE_NOT_COMPETENT"
  case localHousehold = "LOCAL_HOUSEHOLD"
  case permitHeldAlready = "PERMIT_HELD_ALREADY"
  // A condition is not met (Zhejiang Regulation, Art. 16).
  case halfYearNotLived = "HALF_YEAR_NOT_LIVED"
  case employmentNotProved = "EMPLOYMENT_NOT_PROVED"
  case dwellingNotProved = "DWELLING_NOT_PROVED"
  case studyNotProved = "STUDY_NOT_PROVED"
  case talentNotRecognised = "TALENT_NOT_RECOGNISED"
  // The application is not true, or no longer wanted.
  case evidenceFalse = "EVIDENCE_FALSE"
  case applicantDeceased = "APPLICANT_DECEASED"

  /// The sentence for English readers.
  public var english: String { self.sentences.english }

  /// The sentence for Chinese readers.
  public var chinese: String { self.sentences.chinese }

  private var sentences: (english: String, chinese: String) {
    switch self {
    case .idCardUnclear: ("The picture of the identity card is unclear.", "居民身份证图片不清晰。")
    case .idCardExpired: ("The identity card has expired.", "居民身份证已过有效期。")
    case .photoUnfit: ("The photo does not meet the standard.", "相片不符合规格要求。")
    case .evidenceIncomplete: ("The evidence lacks pages or parts.", "证明材料不完整。")
    case .materialUnclear: ("A material cannot be read.", "材料不清晰,无法辨认。")
    case .evidenceExpired: ("The evidence is no longer in force.", "证明材料已过有效期。")
    case .evidenceNotOfApplicant:
      ("The evidence names another person.", "证明材料与申请人不一致。")
    case .guardianshipUnproved: ("The guardianship is not proved.", "监护关系证明不足。")
    case .identityMismatch:
      ("The form does not agree with the identity card.", "填报信息与居民身份证不一致。")
    case .householdAddressMismatch:
      ("The hukou address is not the registered one.", "常住户口地址与登记信息不一致。")
    case .residenceNotFound:
      ("The applicant was not found to live at the address.", "经核查,申请人未在所填地址居住。")
    case .supplementInsufficient:
      ("What was asked for was not supplied.", "未按一次性告知要求补正材料。")
    case .officeNotCompetent:
      ("Another county is in charge of the residence.", "现居住地不属于本地管辖。")
    case .localHousehold:
      ("The applicant has local hukou and needs no permit.", "申请人系本地户籍,无需申领居住证。")
    case .permitHeldAlready:
      ("The applicant holds a residence permit already.", "申请人已持有有效居住证。")
    case .halfYearNotLived:
      ("Half a year of registered residence is not reached.", "居住登记未满半年。")
    case .employmentNotProved:
      ("Lawful stable employment is not proved.", "合法稳定就业证明不足。")
    case .dwellingNotProved:
      ("A lawful stable dwelling is not proved.", "合法稳定住所证明不足。")
    case .studyNotProved: ("Continuous study is not proved.", "连续就读证明不足。")
    case .talentNotRecognised:
      ("The recognition as investor or talent is not confirmed.", "投资创业、引进人才身份未获确认。")
    case .evidenceFalse: ("The evidence is false.", "经核查,所提供的证明材料不真实。")
    case .applicantDeceased: ("The applicant has died.", "申请人已死亡。")
    }
  }
}
