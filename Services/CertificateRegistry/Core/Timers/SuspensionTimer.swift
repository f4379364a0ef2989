import DomainModel
import ServiceCore

/// Writes down the suspensions (中止) that the terms of permits have brought about, and has their
/// holders told.
///
/// A permit's state never waits for it: it follows from the facts. What the timer adds is the line
/// in the history, dated to 00:00:00 of the first suspended day even if the process was down then,
/// and the text. Each suspension is written once: a row that says so leaves the timer's index.
struct SuspensionTimer: Sendable {
  /// How many permits one transaction looks at: few enough that a call which comes between waits
  /// for some milliseconds only.
  static let batchMax = 32
  /// How long it rests between two rounds, in milliseconds: ten minutes. A round looks at what is
  /// due and at the permits whose endorsement is pending beyond their full year.
  static let pauseMs: Int64 = 600_000
  /// How long after a suspension's first instant it is written down at the earliest, in
  /// milliseconds: an hour, in which word of an endorsement submitted at the last minute arrives,
  /// so that nobody is told of a suspension that there is not.
  static let graceMs: Int64 = 3_600_000

  let store: RegistryStore
  let parts: CoreParts

  private var rounds: DueRounds<DueCursor> {
    DueRounds(
      "suspensions", everyMs: Self.pauseMs, self.parts,
      look: { cursor, now in
        let due = try await self.store.dueSuspensions(after: cursor, limit: Self.batchMax, at: now)
        return (due, due.next)
      },
      write: { due, now in
        try await self.store.note(due, limit: Self.batchMax, at: now, random: self.parts.random)
      })
  }

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws { try await self.rounds.run() }

  /// One round over every permit whose full year is over, in bounded transactions. Returns how many
  /// suspensions were written.
  func runOnce() async throws -> Int { try await self.rounds.runOnce() }
}
