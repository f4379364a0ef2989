internal import DomainModel
internal import Glibc

/// An instant as people read it: `2026-03-10T08:00:00.123Z`.
enum InstantText {
  static func utc(_ instant: Timestamp) -> String {
    let days = Int64(86_400_000)
    var seconds = time_t(instant.milliseconds / 1000)
    var milliseconds = instant.milliseconds % 1000
    if milliseconds < 0 {
      milliseconds += 1000
      seconds -= 1
    }
    guard abs(instant.milliseconds / days) < 3_000_000 else { return "\(instant.milliseconds)" }
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
    let time = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
    let day = date.map { Self.padded($0, 2) }.joined(separator: "-")
    let clock = time.map { Self.padded($0, 2) }.joined(separator: ":")
    return "\(day)T\(clock).\(Self.padded(Int(milliseconds), 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
