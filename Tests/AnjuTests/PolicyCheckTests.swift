import DomainModel
import TestSupport
import Testing

@testable import anju

/// What `anju policy check` prints.
struct PolicyCheckTests {
  @Test func `a good file is shown with what it offers`() throws {
    let text = try PolicyTexts.text("shanghai.tsv")
    let policy = try PolicySettings(text: text, file: "shanghai.tsv")
    let lines = PolicyView(policy, in: "shanghai.tsv").sentence.split(separator: "\n")
    #expect(
      lines == [
        "shanghai.tsv: shanghai-1 of region 310000, in force from 2018-01-01",
        "  55 settings, 2 kinds, 2 conflicts",
        "  first_permit (app, window): accept, forward 2, review 6, approve, make 7, notify 2; "
          + "8 working days",
        "  residence_registration (app, window): confirm 1; 1 working days",
      ])
  }

  @Test func `a kind that takes effect at once has no promise`() throws {
    let policy = try PolicySettings(text: PolicyTexts.text("zhejiang.tsv"))
    let view = PolicyView(policy, in: "zhejiang.tsv")
    let loss = try #require(view.kinds.first { $0.kind == "loss_report" })
    #expect(loss.promiseWorkingDays == nil)
    #expect(loss.stages.isEmpty && loss.materials.isEmpty)
    #expect(view.sentence.contains("\n  loss_report (app, web, window): at once\n"))
    #expect(view.kinds.count == ApplicationKind.allCases.count)
  }
}
