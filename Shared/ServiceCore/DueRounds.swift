public import DomainModel
internal import Logging

/// Rounds over what falls due at instants of law, in bounded batches: a background job that a
/// service makes of its own query and its own rule.
///
/// **Why no alarm clock for each thing?** What is due follows from rows, so a process that was down
/// finds it as one that was up does, and what is written says so itself: it leaves the query. *What
/// if it did not?* It would happen again in each round.
public struct DueRounds<Cursor: Sendable>: Sendable {
  /// Does the next batch of what is due at an instant, after a cursor. Returns how many things were
  /// written, and where the next batch begins; nil after the last.
  public typealias Batch =
    @Sendable (_ after: Cursor?, _ now: Timestamp) async throws -> (written: Int, next: Cursor?)

  /// The shortest rest between two rounds, in milliseconds.
  private static var restMsMin: Int64 { 100 }

  private let name: String
  private let pauseMs: Int64
  private let parts: CoreParts
  /// One round, by one instant; how many things were written.
  private let round: @Sendable (Timestamp) async throws -> Int

  /// Rounds, each beginning so many milliseconds after the one before.
  public init(_ name: String, everyMs: Int64, _ parts: CoreParts, batch: @escaping Batch) {
    self.name = name
    self.pauseMs = everyMs
    self.parts = parts
    self.round = { now in
      var written = 0
      var cursor: Cursor?
      repeat {
        let done = try await batch(cursor, now)
        written += done.written
        cursor = done.next
      } while cursor != nil
      return written
    }
  }

  /// The same where much can be read before anything is written: while one batch is written, the
  /// next is looked at. `look` returns what it has seen, and where the batch after it begins;
  /// `write` does what of it is still due.
  public init<Seen: Sendable>(
    _ name: String, everyMs: Int64, _ parts: CoreParts,
    look:
      @escaping @Sendable (_ after: Cursor?, _ now: Timestamp) async throws -> (
        seen: Seen, next: Cursor?
      ),
    write: @escaping @Sendable (_ seen: Seen, _ now: Timestamp) async throws -> Int
  ) {
    self.name = name
    self.pauseMs = everyMs
    self.parts = parts
    self.round = { now in
      var written = 0
      var batch = try await look(nil, now)
      while let cursor = batch.next {
        async let next = look(cursor, now)
        written += try await write(batch.seen, now)
        batch = try await next
      }
      return try await written + write(batch.seen, now)
    }
  }

  /// Runs until the task is cancelled, with `after` each round. What a round throws ends the job,
  /// which begins again. What fell due while a round was running, because that took long or the
  /// clock was moved, does not wait for a rest on top.
  public func run(after: @Sendable () async throws -> Void = {}) async throws {
    while true {
      let began = self.parts.time.now()
      let written = try await self.runOnce()
      if written > 0 {
        self.parts.logger.info("\(self.name) written down", metadata: ["count": "\(written)"])
      }
      try await after()
      let spentMs = self.parts.time.now().milliseconds - began.milliseconds
      try await self.parts.time.sleep(
        milliseconds: min(self.pauseMs, max(Self.restMsMin, self.pauseMs - spentMs)))
    }
  }

  /// One round, by one instant. Returns how many things were written.
  public func runOnce() async throws -> Int {
    try await self.round(self.parts.time.now())
  }
}
