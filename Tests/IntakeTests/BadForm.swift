import DomainModel
import Testing

@testable import IntakeCore

/// One row of the table of bad forms: how it differs from a good one, and what exactly must be
/// told.
struct BadForm: Sendable, CustomTestStringConvertible {
  let name: String
  let expected: Set<String>
  let spoil: @Sendable (inout Draft) -> Void

  /// What a submission is judged by, as a row may spoil it.
  struct Draft: Sendable {
    var form: FormInput
    var slots: Set<MaterialSlot>
    var noticeVersion: String? = "zhejiang-2022-1"
    var submitter = FormContext.Submitter.anybody
    var kind = ApplicationKind.firstPermit
    var channel = ApplicationChannel.app
  }

  /// A row; `expected` are `field REASON`.
  init(_ name: String, _ expected: Set<String>, spoil: @escaping @Sendable (inout Draft) -> Void) {
    self.name = name
    self.expected = expected
    self.spoil = spoil
  }

  var testDescription: String { self.name }

  static let today = CivilDate(iso: "2026-03-10") ?? .earliest

  /// The reading of the spoilt draft.
  func reading(of draft: Draft) throws -> FormReading {
    var draft = draft
    self.spoil(&draft)
    return try Self.read(draft)
  }

  static func read(_ draft: Draft, under other: RegionRules? = nil) throws -> FormReading {
    let rules = try other ?? PolicyData.rules.get()
    let kind = try #require(rules.policy.kinds.kinds[draft.kind])
    return FormReading(
      draft.form, materials: draft.slots,
      commitment: draft.noticeVersion.map {
        Commitment(noticeVersion: $0, assentedAt: Timestamp(milliseconds: 0))
      },
      in: FormContext(
        today: Self.today, divisions: rules.divisions, policy: rules.policy, kind: kind,
        channel: draft.channel, submitter: draft.submitter))
  }

  /// The violations as `field REASON`.
  static func told(_ reading: FormReading) -> [String] {
    FormRule.defects(of: reading).violations.map { "\($0.field) \($0.reason)" }
  }

  static let goodAdult = Draft(form: .adult(), slots: .ofAdult)
  static let goodChild = Draft(form: .child(), slots: .ofChild)
}
