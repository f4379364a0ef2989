/// Words that stand on several papers of an application. The form's are those of 《〈浙江省居住证〉互认转换
/// 申请表》 (遂昌 2023, annex 1).
enum PaperWords {
  static let number = "申请编号"
  static let citizenID = "公民身份号码"
  static let name = "姓    名"
  static let sex = "性别"
  static let ethnicity = "民族"
  static let householdPlace = "常住户口省县"
  static let householdDetail = "详细地址"
  static let residence = "现居住住址"
  static let phone = "联系电话"
  static let workplace = "服务处所"
  static let guardian = "监 护 人"
  static let proxy = "代 办 人"
  static let matter = "申请事项"
  static let conversion = "互认类型"
  static let evidence = "证明材料"
  static let note = "重要提示"
  static let declaration = "申请人声明"
  static let opinions = "审核部门意见"
  static let remark = "备注"
  static let footer = "第 {page} 页　共 {pages} 页"
  /// The purposes that stand below the star of a seal.
  static let sealPurposes = ["户口专用章", "业务专用章", "受理专用章"]

  /// 互认 ends the earlier permit (the form's 重要提示).
  static func conversionNote(_ permit: String) -> String {
    "居住证互认转换完成后，申请人以前所申领的《\(permit)》自动注销，"
      + "只保留转换后签发的电子《\(permit)》。"
  }

  static let declarationText =
    "本申请表所填内容正确无误，所提交的个人信息和相关材料真实有效。如有虚假愿承担法律责任。"
  static let remarkText = "申请表应当随同证明材料，一人一档，长期妥善保管。"
}
