import DomainModel
import Testing

struct NoticeTests {
  @Test func `a notice is its paragraphs in order; one that is elsewhere is none`() throws {
    let table = try NoticeTable(text: "a-1\t第一。\nb-1\t其他。\na-1\t第二。\n")
    #expect(table.text(of: "a-1") == "第一。\n第二。")
    #expect(table.text(of: "b-1") == "其他。")
    #expect(table.text(of: "a-2") == nil)
    #expect(NoticeTable().text(of: "a-1") == nil)
  }

  @Test(arguments: [
    ("a-1", "notices.tsv:1: 1 fields where 2 are wanted"),
    ("# x\na-1\t一\t二", "notices.tsv:2: 3 fields where 2 are wanted"),
    ("a-1\t-", "notices.tsv:1: paragraph is missing"),
  ])
  func `a line that cannot be taken is told`(text: String, told: String) {
    #expect {
      _ = try NoticeTable(text: text)
    } throws: { error in
      (error as? PolicyFileError)?.description == told
    }
  }

  @Test(arguments: ["zhejiang", "shanghai"])
  func `a region's notice stands in the file`(region: String) throws {
    let rules = try RegionRules(of: region, reading: policyText)
    #expect(rules.notices.text(of: rules.policy.noticeVersion)?.isEmpty == false)
  }
}
