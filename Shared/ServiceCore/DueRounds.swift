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

  private let name: String
  private let pauseMs: Int64
  private let parts: CoreParts
  private let batch: Batch

  /// Rounds with a rest between each two, in milliseconds.
  public init(_ name: String, everyMs: Int64, _ parts: CoreParts, batch: @escaping Batch) {
    self.name = name
    self.pauseMs = everyMs
    self.parts = parts
    self.batch = batch
  }

  /// Runs until the task is cancelled, with `after` each round. What a round throws ends the job,
  /// which begins again.
  public func run(after: @Sendable () async throws -> Void = {}) async throws {
    while true {
      let written = try await self.runOnce()
      if written > 0 {
        self.parts.logger.info("\(self.name) written down", metadata: ["count": "\(written)"])
      }
      try await after()
      try await self.parts.time.sleep(milliseconds: self.pauseMs)
    }
  }

  /// One round, by one instant. Returns how many things were written.
  public func runOnce() async throws -> Int {
    let now = self.parts.time.now()
    var written = 0
    var cursor: Cursor?
    repeat {
      let done = try await self.batch(cursor, now)
      written += done.written
      cursor = done.next
    } while cursor != nil
    return written
  }
}
