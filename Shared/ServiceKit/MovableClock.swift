internal import DomainModel
internal import Glibc
internal import Synchronization

/// The machine's clock, ahead by as many seconds as a file says: for a sandbox, in which a year has
/// to pass in a minute.
///
/// It never goes back, whatever the file says later: what has been signed would lie in the future.
/// A file that cannot be read, or holds no number, leaves it as it was.
final class MovableClock: TimeSource {
  /// How old what was read of the file may be, in milliseconds; so long after a move everybody
  /// sees it, those that sleep too.
  static let lookMs: Int64 = 100
  /// How far ahead it may be, in seconds: a hundred years.
  static let aheadSecondsMax: Int64 = 100 * 366 * 86_400
  /// The longest file, in bytes.
  static let bytesMax = 64

  private struct State {
    var aheadMs: Int64 = 0
    var readAt: Timestamp?
  }

  private let path: String
  private let machine: any TimeSource
  private let state = Mutex(State())

  /// A clock that follows the file at `path`, which need not be there yet.
  init(file path: String, machine: any TimeSource = SystemClock()) {
    self.path = path
    self.machine = machine
  }

  func now() -> Timestamp {
    let now = self.machine.now()
    let aheadMs = self.state.withLock { state in
      let age = state.readAt.map { now.milliseconds - $0.milliseconds }
      if age.map({ !(0..<Self.lookMs).contains($0) }) ?? true {
        state.readAt = now
        state.aheadMs = max(state.aheadMs, self.readSeconds() * 1_000)
      }
      return state.aheadMs
    }
    return now.adding(milliseconds: aheadMs)
  }

  func sleep(until deadline: Timestamp) async throws {
    while true {
      let left = deadline.milliseconds - self.now().milliseconds
      if left <= 0 { return try Task.checkCancellation() }
      try await self.machine.sleep(milliseconds: min(left, Self.lookMs))
    }
  }

  private func readSeconds() -> Int64 {
    guard let text = try? FileText.read(self.path, bytesMax: Self.bytesMax),
      let seconds = Int64(text.filter { !$0.isWhitespace }),
      (0...Self.aheadSecondsMax).contains(seconds)
    else { return 0 }
    return seconds
  }
}
