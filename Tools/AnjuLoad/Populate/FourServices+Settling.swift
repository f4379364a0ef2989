import DomainModel
import RPC
import Storage
import StorageSQLite

/// When the services have nothing left to do. Only their stores know that of the moment: what an
/// operator can ask says how much waits for a peer, and nothing of leaves, texts or retention.
extension FourServices {
  /// How often they are looked at.
  private static let pause = Duration.milliseconds(5)
  /// For how long they may be at it, in µs.
  private static let settleUsMax: Int64 = 1_800_000_000
  /// So long before its lease ends a text may still be with the gateway, in milliseconds.
  private static let leaseMs: Int64 = 60_000
  /// How long answers are kept (`Inbox`), and how much a number got (`NotificationStore`), with an
  /// hour until the round that forgets them, in milliseconds.
  private static let answersMs: Int64 = 30 * 86_400_000 + 3_600_000
  private static let usesMs: Int64 = 2 * 86_400_000 + 3_600_000

  /// Returns when no service owes another anything.
  func settle() async throws {
    try await self.wait { _ in ["SELECT 1 FROM outbox"] }
  }

  /// Returns when nothing is under way or due: the clock may leap.
  func rest(at now: Timestamp) async throws {
    try await self.wait { Self.underWay($0, at: now) }
  }

  /// Returns when also everything is forgotten, erased and written down that time brings with it.
  func restForGood(at now: Timestamp) async throws {
    try await self.wait { Self.underWay($0, at: now) + Self.due($0, at: now) }
  }

  private static func underWay(_ service: ServiceName, at now: Timestamp) -> [SQL] {
    let owed: SQL = "SELECT 1 FROM outbox"
    switch service {
    case .intake: return [owed, "SELECT 1 FROM application_change WHERE position IS NULL"]
    case .approval: return [owed, "SELECT 1 FROM work_change WHERE position IS NULL"]
    case .registry: return [owed, "SELECT 1 FROM log_entry WHERE leaf_index IS NULL"]
    case .notification:
      let until = now.adding(milliseconds: self.leaseMs)
      return [
        owed, "SELECT 1 FROM message WHERE state = 'queued' AND next_attempt_at <= \(until)",
      ]
    }
  }

  private static func due(_ service: ServiceName, at now: Timestamp) -> [SQL] {
    let answers = now.adding(milliseconds: -self.answersMs)
    let forgotten: SQL = "SELECT 1 FROM inbox WHERE at < \(answers)"
    let today = CivilDate(of: now)
    switch service {
    case .intake, .approval: return [forgotten]
    case .registry:
      // A day for the grace of who submitted at the last minute.
      return [
        forgotten,
        """
        SELECT 1 FROM permit WHERE cancelled_at IS NULL AND suspension_noted_from IS NULL
          AND valid_to_on < \(today.adding(days: -1))
        """,
      ]
    case .notification:
      let ended = today.adding(months: -5).startOfDay
      let uses = now.adding(milliseconds: -self.usesMs)
      return [
        forgotten, "SELECT 1 FROM message WHERE ended_at < \(ended) AND erased_at IS NULL",
        "SELECT 1 FROM recipient_use WHERE window_start < \(uses)",
      ]
    }
  }

  /// Asks until nothing of what is named stands in any store, twice in a row: what goes from one to
  /// another may be in neither of two looks.
  private func wait(until none: (ServiceName) -> [SQL]) async throws {
    let watch = Stopwatch()
    var wasIdle = false
    while watch.nowUs < Self.settleUsMax {
      let isIdle = try await !self.hasAny(of: none)
      if isIdle && wasIdle { return }
      wasIdle = isIdle
      try await Task.sleep(for: Self.pause)
    }
    throw Unprepared(
      "the services were still at work after \(Self.settleUsMax / 1_000_000) s on one day")
  }

  private func hasAny(of questions: (ServiceName) -> [SQL]) async throws -> Bool {
    for (name, store) in self.stores {
      let asked = questions(name)
      if try await store.read({ snapshot in try asked.contains { try snapshot.exists($0) } }) {
        return true
      }
    }
    return false
  }
}
