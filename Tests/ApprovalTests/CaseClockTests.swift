import DomainModel
import Testing

@testable import ApprovalCore

/// The clocks of a case, from `domain.md` section 10 and worked examples.
struct CaseClockTests {
  /// Acceptance, and the day the promise of two working days ends.
  static let promises = [
    ("2026-02-12", "2026-02-14"), ("2026-02-13", "2026-02-24"), ("2026-02-14", "2026-02-25"),
    ("2026-04-30", "2026-05-07"), ("2026-05-08", "2026-05-11"), ("2026-09-18", "2026-09-21"),
    ("2026-09-24", "2026-09-29"), ("2026-09-30", "2026-10-09"), ("2026-11-20", "2026-11-24"),
    ("2026-12-29", "2026-12-31"), ("2025-01-24", "2025-01-27"), ("2025-09-26", "2025-09-29"),
    ("2025-09-30", "2025-10-10"), ("2024-02-08", "2024-02-18"), ("2024-09-13", "2024-09-18"),
    ("2026-01-01", "2026-01-05"), ("2026-02-20", "2026-02-25"),
  ]

  @Test(arguments: Self.promises)
  func `a case accepted on a day is promised for`(_ accepted: String, _ due: String) throws {
    let file = try ApprovalCase.opened(on: accepted)
      .after([.sign(.accept, .pass)], at: nineOClock(accepted))
    #expect(file.clocks.promise?.date.iso == due)
    #expect(file.clocks.promise?.isProvisional == false)
    #expect(file.nextDue?.instant == CivilDate(iso: due)?.endOfDay)
  }

  @Test func `a promise that runs into an unpublished year is provisional`() throws {
    let file = try ApprovalCase.opened(on: "2026-12-30")
      .after([.sign(.accept, .pass)], at: nineOClock("2026-12-30"))
    #expect(file.clocks.promise?.isProvisional == true)
    #expect(file.clocks.statute?.isProvisional == true)
    #expect(file.clocks.promise?.date.iso == "2027-01-04")
  }

  @Test(arguments: [
    ("2026-03-10", "2026-03-25"), ("2026-01-31", "2026-02-24"), ("2026-09-16", "2026-10-08"),
    ("2026-03-06", "2026-03-23"),
  ])
  func `the statute gives 15 days and rolls past days off`(
    _ accepted: String, _ due: String
  ) throws {
    let file = try ApprovalCase.opened(on: accepted)
      .after([.sign(.accept, .pass)], at: nineOClock(accepted))
    #expect(file.clocks.statute?.date.iso == due)
  }

  @Test func `the guard runs five working days from submission and again from a supplement`()
    throws
  {
    let file = try ApprovalCase.opened(on: "2026-03-10")
    #expect(file.clocks.acceptance.date.iso == "2026-03-17")
    let noticed = try file.after(
      [.sign(.accept, .supplement, ["PHOTO_UNFIT"])], at: nineOClock("2026-03-12"))
    #expect(noticed.nextDue == nil)
    let resumed = try noticed.after(
      [.resume(round: 1, supplementedAt: nineOClock("2026-04-01"))], at: nineOClock("2026-04-01"))
    #expect(resumed.clocks.acceptance.date.iso == "2026-04-09")
    #expect(resumed.round == 2)
  }

  struct DeemedRow: Sendable {
    let signed: Timestamp
    let accepted: Timestamp
    let promise: String
    let statute: String
  }

  static let deemed = [
    // The guard of a submission on the 13th ends with the 20th; its last millisecond is in time.
    DeemedRow(
      signed: nineOClock("2026-11-21").adding(milliseconds: -9 * 3_600_000 - 1),
      accepted: nineOClock("2026-11-21").adding(milliseconds: -9 * 3_600_000 - 1),
      promise: "2026-11-24", statute: "2026-12-07"),
    DeemedRow(
      signed: nineOClock("2026-11-21").adding(milliseconds: -9 * 3_600_000),
      accepted: nineOClock("2026-11-13"), promise: "2026-11-17", statute: "2026-11-30"),
    DeemedRow(
      signed: nineOClock("2026-11-25"), accepted: nineOClock("2026-11-13"),
      promise: "2026-11-17", statute: "2026-11-30"),
  ]

  @Test(arguments: Self.deemed)
  func `an acceptance after the guard counts from receipt`(_ row: DeemedRow) throws {
    let opened = try ApprovalCase.opened(on: "2026-11-13")
    #expect(opened.clocks.acceptance.date.iso == "2026-11-20")
    let file = try opened.after([.sign(.accept, .pass)], at: row.signed)
    #expect(file.clocks.acceptedAt == row.accepted)
    #expect(file.clocks.promise?.date.iso == row.promise)
    #expect(file.clocks.statute?.date.iso == row.statute)
    #expect(file.isOverdue(at: row.signed) == (row.accepted != row.signed))
    #expect(file.opinions[0].signedAt == row.signed)
  }

  @Test func `after a supplement silence counts from the supplement`() throws {
    let resumed = try ApprovalCase.opened(on: "2026-11-02")
      .after([.sign(.accept, .supplement, ["PHOTO_UNFIT"])], at: nineOClock("2026-11-03"))
      .after(
        [.resume(round: 1, supplementedAt: nineOClock("2026-11-13"))],
        at: nineOClock("2026-11-13"))
    let late = try resumed.after([.sign(.accept, .pass)], at: nineOClock("2026-11-25"))
    #expect(late.clocks.acceptedAt == nineOClock("2026-11-13"))
    #expect(late.clocks.promise?.date.iso == "2026-11-17")
    #expect(late.isOverdue(at: nineOClock("2026-11-25")))
    // A later pause moves the terms that run from receipt.
    let paused =
      try late
      .after([.sign(.review, .supplement, ["ID_CARD_EXPIRED"])], at: nineOClock("2026-11-26"))
      .after(
        [.resume(round: 2, supplementedAt: nineOClock("2026-12-01"))],
        at: nineOClock("2026-12-01"))
    #expect(paused.clocks.promise?.date.iso == "2026-11-17")
    #expect(paused.clocks.statute?.date.iso == "2026-12-03")
  }

  struct PauseRow: Sendable {
    let accepted: String
    let notified: String
    let supplemented: String
    let promise: String
    let statute: String
  }

  static let pauses = [
    // Monday; notice on Tuesday, with that day still to use; back on Thursday.
    PauseRow(
      accepted: "2026-03-09", notified: "2026-03-10", supplemented: "2026-03-12",
      promise: "2026-03-13", statute: "2026-03-26"),
    // Notice on the promise's last day: that day is left for the day of the supplement.
    PauseRow(
      accepted: "2026-03-09", notified: "2026-03-11", supplemented: "2026-03-20",
      promise: "2026-03-20", statute: "2026-04-02"),
    // Notice on the day of acceptance: both days are left, counted from the day after.
    PauseRow(
      accepted: "2026-03-09", notified: "2026-03-09", supplemented: "2026-03-11",
      promise: "2026-03-13", statute: "2026-03-26"),
    // Notice and supplement on one day move nothing.
    PauseRow(
      accepted: "2026-03-09", notified: "2026-03-10", supplemented: "2026-03-10",
      promise: "2026-03-11", statute: "2026-03-24"),
    // Back on a Saturday: the day left is the Monday after.
    PauseRow(
      accepted: "2026-03-09", notified: "2026-03-11", supplemented: "2026-03-14",
      promise: "2026-03-16", statute: "2026-03-27"),
    // Overdue before the notice: the promise stays broken, the statute still moves.
    PauseRow(
      accepted: "2026-03-09", notified: "2026-03-12", supplemented: "2026-03-18",
      promise: "2026-03-11", statute: "2026-03-30"),
    // The statute's 15 days end on Sunday 22nd and roll to Monday 23rd; the notice comes on that
    // Monday, so the last day is the day of the supplement.
    PauseRow(
      accepted: "2026-03-07", notified: "2026-03-23", supplemented: "2026-03-26",
      promise: "2026-03-10", statute: "2026-03-26"),
  ]

  @Test(arguments: Self.pauses)
  func `a pause moves both clocks by its length`(_ row: PauseRow) throws {
    let file = try ApprovalCase.opened(on: row.accepted)
      .after([.sign(.accept, .pass)], at: nineOClock(row.accepted))
      .after([.sign(.review, .supplement, ["PHOTO_UNFIT"])], at: nineOClock(row.notified))
    #expect(file.pausedAt == nineOClock(row.notified))
    #expect(file.nextDue == nil)
    let supplemented = nineOClock(row.supplemented)
    let resumed = try file.after(
      [.resume(round: 1, supplementedAt: supplemented)], at: supplemented)
    #expect(resumed.pausedAt == nil)
    #expect(resumed.clocks.promise?.date.iso == row.promise)
    #expect(resumed.clocks.statute?.date.iso == row.statute)
  }

  @Test func `two pauses add up`() throws {
    let file = try ApprovalCase.opened(on: "2026-03-09")
      .after([.sign(.accept, .pass)], at: nineOClock("2026-03-09"))
      .after([.sign(.review, .supplement, ["PHOTO_UNFIT"])], at: nineOClock("2026-03-09"))
      .after(
        [.resume(round: 1, supplementedAt: nineOClock("2026-03-11"))],
        at: nineOClock("2026-03-11")
      )
      .after([.sign(.review, .supplement, ["ID_CARD_EXPIRED"])], at: nineOClock("2026-03-11"))
      .after(
        [.resume(round: 2, supplementedAt: nineOClock("2026-03-16"))],
        at: nineOClock("2026-03-16"))
    #expect(file.clocks.promise?.date.iso == "2026-03-18")
    #expect(file.clocks.statute?.date.iso == "2026-03-31")
  }

  @Test func `a case is overdue from midnight after its due day`() throws {
    let file = try ApprovalCase.opened(on: "2026-03-10")
    let due = try #require(file.nextDue?.instant)
    #expect(!file.isOverdue(at: due.adding(milliseconds: -1)))
    #expect(file.isOverdue(at: due))
  }

  @Test func `a supplement is never before its notice nor after now`() throws {
    let noticed = try ApprovalCase.opened(on: "2026-03-10")
      .after([.sign(.accept, .supplement, ["PHOTO_UNFIT"])], at: nineOClock("2026-03-12"))
    let early = try noticed.after(
      [.resume(round: 1, supplementedAt: nineOClock("2026-03-11"))], at: nineOClock("2026-03-13"))
    #expect(early.notices[0].supplementedAt == nineOClock("2026-03-12"))
    let late = try noticed.after(
      [.resume(round: 1, supplementedAt: nineOClock("2026-03-20"))], at: nineOClock("2026-03-13"))
    #expect(late.notices[0].supplementedAt == nineOClock("2026-03-13"))
  }
}
