/// An ethnicity (民族) by its code of GB/T 3304: 01 to 56, 97 for groups not yet identified, 98 for
/// naturalised foreigners.
public struct Ethnicity: Hashable, Sendable {
  /// Two digits.
  public let code: String
  /// The name, such as 畲族.
  public let name: String

  /// The ethnicity with a code; nil if there is none.
  public init?(code: String) {
    guard code.utf8.count == 2, let number = decimal(code.utf8) else { return nil }
    switch number {
    case 1...Self.names.count: self.name = Self.names[number - 1]
    case 97: self.name = "其他"
    case 98: self.name = "外国血统中国籍人士"
    default: return nil
    }
    self.code = code
  }

  /// The ethnicity with a code, or what is wrong with it.
  public static func check(_ code: String) -> Result<Ethnicity, Defects> {
    if TextRules.isBlank(code) { return .failure(Defects([.fieldMissing])) }
    guard let ethnicity = Ethnicity(code: TextRules.narrowed(code)) else {
      return .failure(Defects([.ethnicityUnknown]))
    }
    return .success(ethnicity)
  }

  /// Every code there is, ascending.
  public static let all: [Ethnicity] = (1...98).compactMap { Ethnicity(code: padded($0, to: 2)) }

  private static let names = [
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族",
    "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族",
    "佤族", "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族",
    "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族",
    "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族",
    "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族",
  ]
}
