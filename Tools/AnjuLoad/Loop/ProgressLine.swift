import Foundation
import LoadReport

/// Says each second on standard error how a run goes: on a terminal in one line that is written
/// over, else a line each.
struct ProgressLine: Sendable {
  let schedule: Schedule
  let watch: Stopwatch
  let tally: Tally
  let ledger: Ledger

  /// Runs until its task is cancelled.
  func run() async {
    let isTerminal = isatty(STDERR_FILENO) == 1
    var second: Int64 = 1
    var begun = 0
    while (try? await self.watch.sleep(untilUs: second * 1_000_000)) != nil {
      let begunNow = self.tally.begun
      let line = self.line(second: second, begun: begunNow - begun)
      begun = begunNow
      second = self.watch.nowUs / 1_000_000 + 1
      Self.say(isTerminal ? "\r\u{1B}[K\(line)" : line + "\n")
    }
    if isTerminal { Self.say("\n") }
  }

  /// One second in one line.
  func line(second: Int64, begun: Int) -> String {
    let lately = self.ledger.sinceLast()
    let asked = self.schedule.ratePerS(atUs: (second - 1) * 1_000_000)
    func milliseconds(_ percentile: Percentile) -> String {
      guard let value = lately.latencies.valueUs(at: percentile) else { return "-" }
      return String(format: "%.1f ms", Double(value) / 1_000)
    }
    return "\(second) s of \(self.schedule.durationUs / 1_000_000): "
      + "\(begun)/s begun of \(Int(asked.rounded())), \(lately.latencies.count)/s ended, "
      + "\(self.tally.inFlight) under way, p50 \(milliseconds(.p50)), p99 \(milliseconds(.p99)), "
      + "\(lately.failed) failed"
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
