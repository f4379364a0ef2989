/// Every word that is printed on a paper of the registry, in one place.
///
/// The face data are those of Decree 663, Art. 4; the words for them are the identity card's and
/// the conversion form's of Suichang.
enum PaperLabels {
  // What papers are called.
  static let permit = "浙江省居住证"
  static let slip = "浙江省居住证确认单"
  static let voucher = "居住登记凭证"

  // The holder.
  static let name = "姓名"
  static let sex = "性别"
  static let ethnicity = "民族"
  static let birth = "出生日期"
  static let citizenID = "公民身份号码"
  static let household = "常住户口所在地住址"
  static let householdShort = "户口所在地"
  static let residence = "居住地住址"

  // The permit.
  static let certificateIdentifier = "电子证照标识"
  static let bureau = "签发机关"
  static let issuedOn = "签发日期"
  static let validTo = "有效期至"
  static let status = "证件状态"
  static let valid = "正常"
  static let endorsementWindow = "正常（签注期内）"
  static let endorsementPending = "正常（签注办理中）"
  static let suspended = "使用功能中止"

  // The slip.
  static let number = "编号"
  static let shown = "出示证件"
  static let collectedBy = "领取人"
  static let holderSelf = "本人"
  static let entrusted = "受托人"
  static let clerk = "经办人"
  static let printedAt = "打印时间"
  static let scan = "扫码核验（可离线）"
  static let footer = "第 {page} 页　共 {pages} 页"

  // The voucher.
  static let declaredOn = "申报日期"
  static let registeredOn = "登记日期"
  static let registrar = "登记机关"
  static let registrationKind = "登记类别"
  static let late = "（逾期申报）"

  // The permit's face.
  static let electronic = "电子证照"
  static let shownAt = "生成时间"

  /// The purpose on a station's household seal.
  static let sealPurpose = "户口专用章"
}

/// The sentences of papers.
enum PaperSentences {
  /// What a slip confirms, and of what force it is (notice of Wenzhou on the electronic permit,
  /// part 4).
  static func confirmation(of permit: String) -> String {
    "兹确认上列人员持有电子《\(permit)》。电子《\(permit)》与原实体《\(permit)》具有同等法律效力，"
      + "持证人在居住地县（市、区）域内可依法享受当地政府提供的相关公共服务和办事便利。"
  }

  /// Decree 663, Art. 10; Zhejiang Regulation, Art. 19.
  static let endorsement = "持证人应当自证件签发之日起每满一年之日前一个月内申请签注一次。"

  /// What a slip says instead of a permit that was not endorsed in time: it confirms the permit,
  /// and no right (the same articles).
  static func suspension(of permit: String, since: String) -> String {
    "上列人员所持电子《\(permit)》未按期签注，使用功能自\(since)起中止；补办签注手续后，使用功能恢复"
      + "（《居住证暂行条例》第十条、《浙江省流动人口居住登记条例》第十九条）。"
  }

  /// Which of the two counts when they differ.
  static let verification = "本确认单可扫描二维码核验真伪和证件现时状态；所载内容与核验结果不一致的，以核验结果为准。"

  /// What a voucher proves (Hangzhou detail rules, Art. 13).
  static let registration = "上列人员已在登记机关办理居住登记，特此证明。"

  /// Zhejiang Regulation, Art. 13.
  static let change = "居住地住址、服务处所等登记内容发生变更的，应当在变更之日起十日内申报变更。"
}
