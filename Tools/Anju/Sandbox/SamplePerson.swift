import DomainModel
import People
import Wire

/// A person who does not exist, with what the registry is to know of him: somebody to try each
/// kind of application with.
struct SamplePerson {
  /// What happened to him, so many days ago.
  enum Deed {
    /// Registered (居住登记) in a division.
    case registered(String, daysAgo: Int)
    /// Was issued a permit there.
    case issued(String, daysAgo: Int)
    /// Reported it lost.
    case lost(daysAgo: Int)
  }

  let name: String
  let citizenID: String
  /// Where the household registration (户口) is.
  let household: String
  let phone: String
  let deeds: [Deed]
  /// What he is there for.
  let story: String

  /// Everybody. Hangzhou's urban districts are one unit of registration, Suichang (331123) another.
  static let all: [SamplePerson] = [
    person(1, "王建国", "1990-03-07", [.registered("330106", daysAgo: 400)], "may apply: 首次申领"),
    person(2, "李秀英", "1992-05-18", [.registered("330106", daysAgo: 60)], "half a year is not over"),
    person(
      3, "张志强", "1985-11-02",
      [.registered("330106", daysAgo: 700), .issued("330106", daysAgo: 350)],
      "may be endorsed: 签注"),
    person(
      4, "刘晓燕", "1988-07-21",
      [.registered("330106", daysAgo: 900), .issued("330106", daysAgo: 500)],
      "suspended: 签注 restores it"),
    person(
      5, "陈海涛", "1991-01-30",
      [
        .registered("331123", daysAgo: 600), .issued("331123", daysAgo: 100),
        .registered("330106", daysAgo: 10),
      ], "moved on from Suichang with a permit: 现有证件互认"),
    person(
      6, "赵美玲", "1994-09-14",
      [.registered("331123", daysAgo: 230), .registered("330106", daysAgo: 100)],
      "half a year in two units: 居住登记互认"),
    person(
      7, "𬎆明辉", "1979-12-05",
      [
        .registered("330106", daysAgo: 500), .issued("330106", daysAgo: 40), .lost(daysAgo: 0),
      ], "the permit is lost: 解挂"),
    person(
      8, "孙小宝", "2017-04-01", [.registered("330106", daysAgo: 300)], "a child: a guardian applies"),
    SamplePerson(
      name: "周本地", citizenID: SampleNumber.citizenID("330106", born: "19900101", sequence: 9),
      household: "330106", phone: "13800138009", deeds: [], story: "has local hukou: no permit"),
  ]

  private static func person(
    _ number: Int, _ name: String, _ born: String, _ deeds: [Deed], _ story: String
  ) -> SamplePerson {
    SamplePerson(
      name: name,
      citizenID: SampleNumber.citizenID(
        "341224", born: born.filter { $0 != "-" }, sequence: 100 + number),
      household: "341224", phone: "1380013800\(number)", deeds: deeds, story: story)
  }

  var identity: ModelV1.Identity {
    let isMan = (self.citizenID.dropLast().last?.wholeNumberValue ?? 0) % 2 == 1
    return ModelV1.Identity(
      citizenID: self.citizenID, name: self.name, sex: isMan ? .male : .female,
      ethnicityCode: "01",
      householdAddress: ModelV1.Address(
        divisionCode: self.household, street: "城关镇", detail: "人民路8号"))
  }

  /// Where he lives in a division.
  static func residence(in division: String) -> ModelV1.Address {
    ModelV1.Address(divisionCode: division, street: "城关街道", detail: "保俶路1号2幢301室")
  }
}
