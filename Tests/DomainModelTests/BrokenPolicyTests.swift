import DomainModel
import Testing

/// Broken policy files: each is Zhejiang's with one line altered, and is refused for that, at it.
struct BrokenPolicyTests {
  struct Broken: Sendable, CustomTestStringConvertible {
    /// The line that is altered, by how it begins; fields are told apart by `|`.
    let line: String
    /// What stands in its place; the ground is added. Empty where the line is left out.
    let instead: String
    let reason: String
    /// Which line is told: the altered one, another that begins so, or none.
    var at: Told = .altered

    enum Told: Sendable {
      case altered
      case line(String)
      case file
    }

    init(_ line: String, _ instead: String, _ reason: String, at: Told = .altered) {
      self.line = line
      self.instead = instead
      self.reason = reason
      self.at = at
    }

    var testDescription: String { self.reason }
  }

  static let settings = [
    Broken("promise_working_days", "promise_working_days|0", "is a number from 1 to 30, not 0"),
    Broken("promise_working_days", "promise_working_days|two", "is a number from 1 to 30, not two"),
    Broken("statute_days", "statute_days|31", "statute_days is a number from 1 to 30, not 31"),
    Broken("eligible_on_day_itself", "eligible_on_day_itself|yes", "is true or false, not yes"),
    Broken("late_anchor", "late_anchor|day", "late_anchor is endorsement or issue, not day"),
    Broken("half_year_counted_by", "half_year_counted_by|weeks", "is months or days, not weeks"),
    Broken("residence_unit", "residence_unit|street", "is urban_districts or county, not street"),
    Broken("in_force_from", "in_force_from|2022-02-30", "in_force_from is no date: 2022-02-30"),
    Broken("in_force_from", "in_force_from|-", "in_force_from is missing"),
    Broken("in_force_to", "in_force_to|2022-03-06", "in_force_to is before in_force_from"),
    Broken("region", "region|33", "region is not 6 digits: 33"),
    Broken("slip_in_person_in", "slip_in_person_in|330300,33", "no code of a division: 33"),
    Broken("certificate_type", "certificate_type|11", "is a credit code and three digits, not 11"),
    Broken("review_days", "statute_days|60", "statute_days stands in line"),
    Broken("version", "colour|red", "version is missing", at: .file),
    Broken("draft_days", "", "draft_days is missing", at: .file),
    Broken(
      "draft_days", "draft_days|30\ndraft_dayz|30", "no such setting: draft_dayz",
      at: .line("draft_dayz")),
    Broken("photo_ratio_max", "photo_ratio_max|1", "photo_ratio_max is below photo_ratio_min"),
    Broken("photo_side_max", "photo_side_max|440", "is below the least width or height"),
    Broken(
      "photo_age_months_max", "photo_age_months_max|121", "is a number from 0 to 120, not 121"),
    Broken(
      "registered_dwelling_is_proof", "registered_dwelling_is_proof|maybe",
      "is true or false, not maybe"),
    Broken("litigation_months", "litigation_months|6|x", "4 fields where 3 are wanted"),
  ]

  static let kinds = [
    Broken("kind|endorsement", "kind|renewal|app", "no such kind: renewal"),
    Broken("kind|endorsement", "kind|endorsement|fax", "no such channel: fax"),
    Broken("kind|endorsement", "kind|endorsement|-", "endorsement is offered in no channel"),
    Broken("kind|endorsement", "kind|endorsement|app,web,app", "app stands twice in the line"),
    Broken(
      "kind|endorsement", "", "endorsement has no line of its own before this one",
      at: .line("field|endorsement|applicant")),
    Broken("kind|endorsement", "kind|first_permit|app", "kind first_permit stands in line"),
    Broken("kind|endorsement", "kind|endorsement", "3 fields where 4 are wanted"),
    Broken(
      "kind|endorsement", "kind|endorsement|app,collector",
      "cannot come from a collector, who records declarations only"),
    Broken("fee|endorsement", "fee|endorsement|free", "fee is a number from 0 to 100000, not free"),
    Broken("fee|endorsement", "fee|endorsement|-1", "fee is a number from 0 to 100000, not -1"),
    Broken("fee|endorsement", "fee|first_permit|0", "fee first_permit stands in line"),
    Broken("field|endorsement|phone", "field|endorsement|fax|required", "no such field: fax"),
    Broken("field|endorsement|phone", "field|endorsement|phone|often", "no such need: often"),
    Broken("field|endorsement|phone", "field|endorsement|phone|claimed", "phone cannot be claimed"),
    Broken("field|endorsement|phone", "field|endorsement|phone|minor", "phone cannot be minor"),
    Broken(
      "field|endorsement|applicant", "field|endorsement|applicant|optional",
      "endorsement does not ask who applies", at: .line("kind|endorsement")),
    Broken(
      "field|endorsement|claims", "", "endorsement has conditions that nobody can claim",
      at: .line("kind|endorsement")),
    Broken(
      "field|endorsement|guardian", "", "asks for a guardian's papers and for no guardian",
      at: .line("kind|endorsement")),
    Broken(
      "material|endorsement|evidence", "", "endorsement takes no evidence of what is claimed",
      at: .line("kind|endorsement")),
    Broken(
      "material|endorsement|id_card", "material|endorsement|selfie|required|*",
      "no such material: selfie"),
    Broken(
      "material|endorsement|id_card", "material|endorsement|id_card|claimed|*",
      "id_card cannot be claimed"),
    Broken(
      "material|endorsement|id_card", "material|endorsement|id_card|required|collector",
      "endorsement is not offered by collector"),
    Broken(
      "material|endorsement|id_card", "material|endorsement|id_card|required|-",
      "id_card is asked for in no channel"),
    Broken(
      "condition|endorsement|study", "condition|endorsement|wealth|university",
      "no such condition: wealth"),
    Broken(
      "condition|endorsement|study", "condition|endorsement|study|diploma",
      "no such evidence: diploma"),
    Broken(
      "condition|endorsement|study", "condition|endorsement|study|-", "nothing proves study"),
    Broken(
      "condition|endorsement|study", "condition|endorsement|study|own_house",
      "own_house proves dwelling, not study"),
  ]

  static let ways = [
    Broken(
      "rule|first_permit|HALF_YEAR_NOT_REACHED", "rule|first_permit|IS_NICE|-",
      "no such rule of eligibility: IS_NICE"),
    Broken(
      "rule|first_permit|HALF_YEAR_NOT_REACHED", "rule|first_permit|HUKOU_IS_LOCAL|-",
      "rule first_permit HUKOU_IS_LOCAL stands in line"),
    Broken(
      "rule|contact_change|ID_NOT_MAINLAND", "rule|contact_change|ID_NOT_MAINLAND|talent",
      "talent cannot be claimed, so it lifts nothing"),
    Broken(
      "rule|contact_change|ID_NOT_MAINLAND", "rule|contact_change|CONDITION_NOT_SHOWN|-",
      "contact_change has a rule on conditions and none of them", at: .line("kind|contact_change")),
    Broken("stage|endorsement|accept", "stage|endorsement|judge|court|-", "no such step: judge"),
    Broken(
      "stage|endorsement|accept", "stage|endorsement|accept|court|-",
      "no such kind of office: court"),
    Broken("stage|endorsement|accept", "stage|endorsement|accept|-|-", "nobody is there to accept"),
    Broken(
      "stage|endorsement|approve", "stage|endorsement|approve|station|-",
      "a bureau approves, or a population centre that a county names"),
    Broken(
      "stage|endorsement|review", "", "endorsement is signed by none, or confirmed",
      at: .line("kind|endorsement")),
    Broken(
      "stage|endorsement|review", "stage|endorsement|forward|window|-", "forward has no term"),
    Broken(
      "stage|endorsement|review", "stage|endorsement|review|station|31",
      "working days is a number from 1 to 30, not 31"),
    Broken(
      "instead|loss_report", "clock|loss_report|promise|2",
      "loss_report takes effect at once: it has neither stages nor clocks",
      at: .line("kind|loss_report")),
    Broken(
      "proxy|endorsement", "proxy|endorsement|relative", "asks for a guardian, who may not act",
      at: .line("kind|endorsement")),
    Broken("proxy|endorsement", "proxy|endorsement|friend", "no such capacity: friend"),
    Broken("instead|endorsement", "instead|endorsement|prayer", "no such kind: prayer"),
    Broken(
      "instead|endorsement", "instead|endorsement|endorsement",
      "endorsement is nothing to go to instead"),
    Broken(
      "conflict|first_permit|endorsement", "conflict|first_permit|lease", "no such kind: lease"),
    Broken(
      "conflict|first_permit|conversion_by_permit", "conflict|endorsement|first_permit",
      "endorsement and first_permit stand against each other already"),
    Broken(
      "conflict|first_permit|endorsement", "conflict|first_permit|endorsement|-",
      "5 fields where 4 are wanted"),
    Broken(
      "stage|endorsement|review", "stage|endorsement|review|station|3\nclock|endorsement|promise|2",
      "endorsement promises 2 working days, and its stages take 3", at: .line("kind|endorsement")),
  ]

  @Test(arguments: Self.settings + Self.kinds + Self.ways)
  func `each is refused for its own reason and at its line`(_ broken: Broken) throws {
    let good = try policyText("zhejiang.tsv").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    let begin = Self.tabbed(broken.line) + "\t"
    let index = try #require(good.firstIndex { $0.hasPrefix(begin) })
    var lines = good
    let instead = broken.instead.split(separator: "\n").map { Self.tabbed(String($0)) + "\ttest" }
    lines.replaceSubrange(index...index, with: instead)
    let text = lines.joined(separator: "\n")
    let error = #expect(throws: PolicyFileError.self) {
      try PolicySettings(text: text, file: "broken.tsv")
    }
    let told = try #require(error)
    #expect(told.reason.contains(broken.reason), "\(told)")
    #expect(told.file == "broken.tsv")
    let line: Int? =
      switch broken.at {
      case .file: 0
      case .altered: index + 1
      case .line(let begin):
        lines.firstIndex { $0.hasPrefix(Self.tabbed(begin)) }.map { $0 + 1 }
      }
    #expect(told.line == line, "\(told)")
  }

  private static func tabbed(_ text: String) -> String { text.replacing("|", with: "\t") }

  @Test func `no two are refused in the same words`() {
    let all = Self.settings + Self.kinds + Self.ways
    #expect(all.count > 60)
    #expect(Set(all.map { "\($0.line) \($0.reason)" }).count == all.count)
  }
}
