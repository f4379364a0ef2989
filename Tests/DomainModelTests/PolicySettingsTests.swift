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
    #expect(policy.inForce == Validity(first: day("2022-03-07")))
    #expect(policy.residenceUnit == .urbanDistricts)
    #expect(policy.halfYearCount == .months)
    #expect(policy.halfYearDays == 183)
    #expect(policy.endorsementOnAnniversary)
    #expect(policy.supplementStopsClocks)
    #expect(policy.slipInPersonIn == ["330300"])
    #expect(policy.greenChannel.reasons.count == 8 && policy.greenChannel.officeHours == 2)
    #expect(policy.grounds.count == 48)
  }
}
