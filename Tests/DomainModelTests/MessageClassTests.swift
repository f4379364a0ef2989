import DomainModel
import Testing

struct MessageClassTests {
  /// 10 March 2026 in Shanghai, at a minute of the day.
  private static func at(_ text: String, day: Int = 10) -> Timestamp {
    let parts = text.split(separator: ":").compactMap { Int64($0) }
    let date = CivilDate(year: 2026, month: 3, day: day)
    return (date?.startOfDay ?? Timestamp(milliseconds: 0))
      .adding(milliseconds: (parts[0] * 60 + parts[1]) * 60_000)
  }

  @Test(arguments: [
    ("21:00-08:00", "20:59", nil), ("21:00-08:00", "21:00", "08:00+"),
    ("21:00-08:00", "23:59", "08:00+"), ("21:00-08:00", "00:00", "08:00"),
    ("21:00-08:00", "07:59", "08:00"), ("21:00-08:00", "08:00", nil),
    ("12:00-14:00", "11:59", nil), ("12:00-14:00", "12:00", "14:00"),
    ("12:00-14:00", "13:59", "14:00"), ("12:00-14:00", "14:00", nil),
    ("22:00-00:00", "23:00", "00:00+"), ("22:00-00:00", "00:00", nil),
  ])
  func `quiet hours end where they say, over midnight too`(
    _ hours: String, _ now: String, _ end: String?
  ) throws {
    let quiet = try #require(QuietHours(hours))
    let expected = end.map { text in
      Self.at(String(text.prefix(5)), day: text.hasSuffix("+") ? 11 : 10)
    }
    #expect(quiet.end(at: Self.at(now)) == expected)
  }

  @Test(arguments: ["", "21:00", "21:00-21:00", "24:00-08:00", "21:60-08:00", "9:00-08:00", "a-b"])
  func `what are no quiet hours is none`(_ text: String) {
    #expect(QuietHours(text) == nil)
  }

  @Test func `the policy has every class, the codes first and the reminders last`() throws {
    let classes = try MessageClasses(text: policyText("message_classes.tsv"))
    #expect(
      classes.byUrgency.map(\.messageClass) == [.verification, .result, .progress, .reminder])
    #expect(classes[.reminder].quietHours == QuietHours("21:00-08:00"))
    #expect(classes[.result].quietHours == nil)
  }

  @Test(arguments: [
    ("result\t-\t1", "message_classes.tsv:0: the class progress is missing"),
    ("result\t-\t1\nresult\t-\t1", "message_classes.tsv:2: result stands here already"),
    ("hello\t-\t1", "message_classes.tsv:1: no class of message: hello"),
    (
      "result\t25:00-08:00\t1",
      "message_classes.tsv:1: quiet hours are like 21:00-08:00, not 25:00-08:00"
    ),
    ("result\t-\t0", "message_classes.tsv:1: messages a day is a number from 1, not 0"),
    ("result\t-", "message_classes.tsv:1: 2 fields where 3 are wanted"),
  ])
  func `a table that is wrong says where`(_ text: String, _ reason: String) {
    let error = #expect(throws: PolicyFileError.self) { try MessageClasses(text: text) }
    #expect(error?.description == reason)
  }

  @Test(arguments: [
    ("13800138000", MobileOperator.mobile), ("13000130000", .unicom), ("13300133000", .telecom),
    ("13490000000", .telecom), ("13480000000", .mobile), ("17030000000", .mobile),
    ("17000000000", .telecom), ("17040000000", .unicom), ("19200000000", .broadnet),
    ("14000000000", .other),
  ])
  func `the longest prefix says whose a number is`(_ text: String, _ expected: MobileOperator)
    throws
  {
    let operators = try MobileOperators(text: policyText("operators.tsv"))
    let phone = try PhoneNumber.check(text).get()
    #expect(operators.of(phone) == expected)
  }

  @Test(arguments: [
    ("13a\tmobile", "operators.tsv:1: a prefix is 1 to 11 digits, not 13a"),
    ("138\tother", "operators.tsv:1: no operator: other"),
    ("138\tmobile\n138\tunicom", "operators.tsv:2: 138 stands here already"),
  ])
  func `a table of operators that is wrong says where`(_ text: String, _ reason: String) {
    let error = #expect(throws: PolicyFileError.self) { try MobileOperators(text: text) }
    #expect(error?.description == reason)
  }
}
