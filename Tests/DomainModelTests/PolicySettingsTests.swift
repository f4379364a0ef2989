import DomainModel
import Testing

@Suite struct PolicySettingsTests {
  @Test func `Zhejiang's policy holds what the rules decided`() throws {
    let policy = try PolicySettings(text: policyText("zhejiang.tsv"))
    #expect(policy.region == "330000")
    #expect(policy.promiseWorkingDays == 2)
    #expect(policy.statuteDays == 15)
    #expect(policy.statuteRollsPastHolidays)
    #expect(policy.guardWorkingDays == 5)
    #expect(policy.acceptanceWarningWorkingDays == 1)
    #expect(policy.halfYearMonths == 6)
    #expect(policy.isEligibleOnDayItself)
    #expect(policy.registrationGapDaysMax == 10)
    #expect(policy.validityMonths == 12)
    #expect(policy.endorsementWindowMonths == 1)
    #expect(!policy.endorsementRollsPastHolidays)
    #expect(policy.lateAnchor == .endorsement)
    #expect(policy.guardianRequiredUnderYears == 16)
    #expect(policy.guardianYearsMin == 18)
    #expect(policy.changeReportDays == 10)
    #expect(policy.draftDays == 30)
    #expect(policy.reviewDays == 60)
    #expect(policy.litigationMonths == 6)
    #expect(policy.grounds["statute_days"]?.contains("Art. 9") == true)
    #expect(policy.faceCheckMinutes == 5)
    #expect(policy.presentationSeconds == 60)
    #expect(policy.grounds.count == 26)
  }

  @Test(arguments: [
    ("promise_working_days\t2", "promise_working_days\t0", "is a number from 1 to 30, not 0"),
    ("promise_working_days\t2", "promise_working_days\ttwo", "is a number from 1 to 30, not two"),
    ("statute_days\t15", "statute_days\t31", "statute_days is a number from 1 to 30, not 31"),
    ("on_day_itself\ttrue", "on_day_itself\tyes", "is true or false, not yes"),
    ("late_anchor\tendorsement", "late_anchor\tday", "is endorsement or issue, not day"),
    ("region\t330000", "region\t33", "region is not 6 digits: 33"),
    ("region\t330000", "region\t-", "region is missing"),
    ("guard_working_days\t", "guard_working_dayz\t", "z.tsv:0: guard_working_days is missing"),
    ("review_days\t", "statute_days\t", "statute_days stands in line 7"),
    ("certificate_type\t11", "certificate_type\t1", "is a credit code and three digits"),
    (
      "version\tzhejiang-1", "colour\tred\tx\nversion\tzhejiang-1",
      "z.tsv:3: no such setting: colour"
    ),
    ("version\tzhejiang-1\t", "version\tzhejiang-1\tx\t", "z.tsv:3: 4 fields where 3 are wanted"),
    ("\tGB/T 2260", "\t-", "ground is missing"),
  ])
  func `refuses a bad file and says where`(good: String, bad: String, error: String) throws {
    let text = try policyText("zhejiang.tsv")
    #expect(text.contains(good))
    let thrown = #expect(throws: PolicyFileError.self) {
      try PolicySettings(text: text.replacing(good, with: bad), file: "z.tsv")
    }
    #expect(thrown?.description.contains(error) == true, "\(String(describing: thrown))")
  }
}
