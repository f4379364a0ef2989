/// What is told of each rule. The article a finding shows is the policy's; `article` is where the
/// rule comes from in the first place.
extension EligibilityRule {
  /// The article of law the rule comes from.
  public var article: String {
    switch self {
    case .hukouIsLocal: "《浙江省流动人口居住登记条例》第二条"
    case .notRegisteredHere, .halfYearNotReached, .conditionNotShown:
      "《浙江省流动人口居住登记条例》第十六条"
    case .livePermitExists, .permitMissing: "《居住证暂行条例》第二条"
    case .idNotMainland: "《浙江省流动人口居住登记条例》第三十八条;国办发〔2018〕81号"
    case .accumulatedHalfYearNotReached, .permitOfThisUnit, .permitSuspended:
      "《遂昌县〈浙江省居住证〉互认制度改革工作方案》第三条"
    case .alreadyRegisteredHere: "《浙江省流动人口居住登记条例》第十三条"
    case .permitOfAnotherUnit, .endorsementWindowNotOpen, .endorsementUndecided:
      "《浙江省流动人口居住登记条例》第十九条"
    case .permitLost, .permitNotLost: "《浙江省流动人口居住登记条例》第二十二条"
    case .permitUnderOrder: "《中华人民共和国民事诉讼法》(协助执行)"
    case .applicationInConflict, .proxyNotAllowed: "《居住证暂行条例》第九条"
    }
  }

  /// What an applicant reads whose application meets the rule, or does not.
  public func english(passed: Bool) -> String {
    passed ? self.metInEnglish : self.notMetInEnglish
  }

  /// The same in Chinese.
  public func chinese(passed: Bool) -> String {
    passed ? self.metInChinese : self.notMetInChinese
  }

  /// What is read where it cannot be said.
  public static let notKnownInEnglish = "It cannot be said yet: something is missing."

  /// The same in Chinese.
  public static let notKnownInChinese = "信息不全,暂无法判断。"

  private var metInEnglish: String {
    switch self {
    case .hukouIsLocal: "The household registration lies outside this residence unit."
    case .notRegisteredHere: "A residence registration is in force here."
    case .halfYearNotReached: "The half year from the declaration is reached or not asked."
    case .livePermitExists: "The person holds no other residence permit."
    case .idNotMainland: "The identity number is one of the mainland."
    case .conditionNotShown: "A condition is claimed and shown."
    case .accumulatedHalfYearNotReached:
      "Half a year of continuous registration in the region is reached or not asked."
    case .alreadyRegisteredHere: "The person is not registered here yet."
    case .permitMissing: "The person holds a live residence permit."
    case .permitOfAnotherUnit: "The permit, if there is one, is of this residence unit."
    case .permitOfThisUnit: "The permit is not one of this residence unit."
    case .permitLost: "The permit is not reported lost."
    case .permitNotLost: "The permit is reported lost."
    case .permitSuspended: "The permit is not suspended, or may be."
    case .permitUnderOrder: "No court order holds the permit."
    case .endorsementWindowNotOpen: "The permit can be endorsed."
    case .endorsementUndecided: "No other application for endorsement is undecided."
    case .applicationInConflict: "No application in progress stands against this one."
    case .proxyNotAllowed: "Whoever applies may do so."
    }
  }

  private var notMetInEnglish: String {
    switch self {
    case .hukouIsLocal:
      "The household registration lies in this residence unit; such residents need no permit."
    case .notRegisteredHere: "No residence registration is in force here."
    case .halfYearNotReached:
      "The half year from the day of declaring registration is not reached."
    case .livePermitExists: "The person already holds a live residence permit."
    case .idNotMainland:
      "Residents of Hong Kong, Macau and Taiwan apply for their own residence permit, foreigners for theirs."
    case .conditionNotShown:
      "None of employment, dwelling and study is claimed with its evidence uploaded."
    case .accumulatedHalfYearNotReached:
      "Half a year of continuous registration in the region is not reached."
    case .alreadyRegisteredHere: "The person is registered here already; report a change instead."
    case .permitMissing: "The person holds no live residence permit."
    case .permitOfAnotherUnit: "The permit was issued by another unit: it is to be converted."
    case .permitOfThisUnit: "The permit is one of this unit; there is nothing to convert."
    case .permitLost: "The permit is reported lost; the report is to be withdrawn first."
    case .permitNotLost: "The permit is not reported lost."
    case .permitSuspended: "The permit is suspended; it is to be endorsed first."
    case .permitUnderOrder: "A court order holds the permit."
    case .endorsementWindowNotOpen: "The window of endorsement is not open yet."
    case .endorsementUndecided: "Another application for endorsement is undecided."
    case .applicationInConflict: "An application in progress stands against this one."
    case .proxyNotAllowed: "Nobody may apply for another in this capacity."
    }
  }

  private var metInChinese: String {
    switch self {
    case .hukouIsLocal: "常住户口不在本居住地市区或县(市)。"
    case .notRegisteredHere: "在本居住地有有效的居住登记。"
    case .halfYearNotReached: "自申报居住登记之日起已满半年,或依法不受半年限制。"
    case .livePermitExists: "未持有其他居住证。"
    case .idNotMainland: "证件号码为内地居民公民身份号码。"
    case .conditionNotShown: "已主张法定条件并提交证明材料。"
    case .accumulatedHalfYearNotReached: "省内累计连续登记已满六个月,或依法不受限制。"
    case .alreadyRegisteredHere: "在本居住地尚无有效的居住登记。"
    case .permitMissing: "持有有效居住证。"
    case .permitOfAnotherUnit: "未持有其他居住地签发的居住证。"
    case .permitOfThisUnit: "居住证非本居住地签发。"
    case .permitLost: "居住证未挂失。"
    case .permitNotLost: "居住证已挂失。"
    case .permitSuspended: "居住证使用功能正常,或中止不影响办理。"
    case .permitUnderOrder: "居住证未被司法文书限制办理。"
    case .endorsementWindowNotOpen: "已到签注办理期限。"
    case .endorsementUndecided: "没有其他在办的签注申请。"
    case .applicationInConflict: "没有与本次申请相冲突的在办申请。"
    case .proxyNotAllowed: "申请人本人办理,或代办人有权代办。"
    }
  }

  private var notMetInChinese: String {
    switch self {
    case .hukouIsLocal: "常住户口在本居住地市区或县(市),无需申领居住证。"
    case .notRegisteredHere: "在本居住地没有有效的居住登记。"
    case .halfYearNotReached: "自申报居住登记之日起未满半年。"
    case .livePermitExists: "已持有有效居住证。"
    case .idNotMainland: "港澳台居民应申领港澳台居民居住证,外国人按国家有关规定办理。"
    case .conditionNotShown: "未主张合法稳定就业、合法稳定住所、连续就读条件之一,或未提交相应证明材料。"
    case .accumulatedHalfYearNotReached: "省内累计连续登记未满六个月。"
    case .alreadyRegisteredHere: "在本居住地已有有效的居住登记,请办理变更。"
    case .permitMissing: "未持有有效居住证。"
    case .permitOfAnotherUnit: "居住证由其他居住地签发,应办理互认转换。"
    case .permitOfThisUnit: "居住证由本居住地签发,无需互认转换。"
    case .permitLost: "居住证已挂失,请先解挂。"
    case .permitNotLost: "居住证未挂失。"
    case .permitSuspended: "居住证使用功能已中止,请先补办签注。"
    case .permitUnderOrder: "居住证被司法文书限制办理。"
    case .endorsementWindowNotOpen: "尚未到签注办理期限。"
    case .endorsementUndecided: "已有在办的签注申请。"
    case .applicationInConflict: "有与本次申请相冲突的在办申请。"
    case .proxyNotAllowed: "该事项不得以此身份代办。"
    }
  }
}
