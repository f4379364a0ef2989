import DomainModel
import Logging
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

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    while true {
      let written = try await self.runOnce()
      if written > 0 {
        self.parts.logger.info("suspensions written down", metadata: ["count": "\(written)"])
      }
      try await self.parts.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round over every permit whose full year is over, in bounded transactions. Returns how many
  /// suspensions were written. While some are written, the next are looked at: a million must not
  /// take turns between the two.
  func runOnce() async throws -> Int {
    let now = self.parts.time.now()
    var written = 0
    var seen: DueSuspensions? = try await self.look(after: nil, at: now)
    while let batch = seen {
      async let next = batch.next == nil ? nil : self.look(after: batch.next, at: now)
      written += try await self.store.note(
        batch, limit: Self.batchMax, at: now, random: self.parts.random)
      seen = try await next
    }
    return written
  }

  private func look(after cursor: DueCursor?, at now: Timestamp) async throws -> DueSuspensions {
    try await self.store.dueSuspensions(after: cursor, limit: Self.batchMax, at: now)
  }
}
