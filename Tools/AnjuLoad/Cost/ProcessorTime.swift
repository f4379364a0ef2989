import Foundation

/// What this machine's processors and this process have done since they began.
struct ProcessorTime: Hashable, Sendable {
  /// The processors' time in ticks: all of it, and what was not idle (proc(5), `/proc/stat`).
  let ticks: Int64
  let busyTicks: Int64
  /// This process's own processor time, in µs.
  let ownUs: Int64

  /// As it stands; nil where the operating system does not say.
  static var now: ProcessorTime? {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
    return ProcessorTime(stat: text, ownUs: Self.own)
  }

  /// From the text of `/proc/stat`: its first line has user, nice, system, idle, iowait, irq,
  /// softirq and steal; the guests' time behind them is in user's already.
  init?(stat: String, ownUs: Int64) {
    guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
    let counts = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int64($0) }
    guard counts.count == 8 else { return nil }
    self.ticks = counts.reduce(0, +)
    self.busyTicks = self.ticks - counts[3] - counts[4]
    self.ownUs = ownUs
  }

  private static var own: Int64 {
    var used = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 else { return 0 }
    return Int64(used.tv_sec) * 1_000_000 + Int64(used.tv_nsec) / 1_000
  }
}
