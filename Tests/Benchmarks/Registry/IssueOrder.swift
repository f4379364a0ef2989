import Measuring
import Wire

/// Orders to issue permits of one day, each to another person: one number, one person.
struct IssueOrder: Sendable {
  static let division = "330106"
  private static let bureau = "330106000000"
  /// Counties outside of the province, where persons have their hukou.
  private static let homes = ["341224", "411425", "522326", "360424", "511025"]
  private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
  private static let given = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平")

  /// 签发日期
  let day: String

  func request(_ number: Int, _ random: inout SplitMix) -> RegistryV1.IssuePermitRequest {
    RegistryV1.IssuePermitRequest(
      idempotencyKey: "bench-issue-\(number)-\(self.day)", applicationID: "bench-\(number)",
      caseID: "bench-case-\(number)", holder: Self.holder(number, &random),
      residence: ModelV1.Address(
        divisionCode: Self.division, street: "北山街道", detail: "保俶路\(number % 300)号2幢301室"),
      phone: Self.phone(number),
      photoSha256: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) },
      bureauCode: Self.bureau, issuedOn: self.day, actor: "officer:approver-1",
      actorOffice: Self.bureau, policyVersion: "zhejiang-1")
  }

  private static func holder(_ number: Int, _ random: inout SplitMix) -> ModelV1.Identity {
    let home = Self.homes[number % Self.homes.count]
    let sequence = number / Self.homes.count % 999 + 1
    let name = [
      Self.surnames.randomElement(using: &random), Self.given.randomElement(using: &random),
    ]
    return ModelV1.Identity(
      citizenID: Self.citizenID(home, born: number / Self.homes.count / 999, sequence),
      name: String(name.compactMap(\.self)), sex: sequence % 2 == 0 ? .female : .male,
      ethnicityCode: "01",
      householdAddress: ModelV1.Address(divisionCode: home, street: "城关镇", detail: "人民路8号"))
  }

  /// A number by GB 11643-1999, of somebody born on the n-th day (months of 28 days) from 1960 on.
  private static func citizenID(_ home: String, born day: Int, _ sequence: Int) -> String {
    let (month, year) = (day / 28 % 12 + 1, 1960 + day / 336)
    let digits =
      home + Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day % 28 + 1, 2)
      + Self.padded(sequence, 3)
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits.utf8, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
    return digits + String(Array("10X98765432")[sum % 11])
  }

  private static func phone(_ number: Int) -> String { "13" + Self.padded(number, 9) }

  private static func padded(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
