/// How opening hours are written: `1-5 08:30-12:00 14:00-17:30;6 09:00-11:30`.
extension PolicyRow {
  /// Opening hours, sorted by weekday and time; at least one span, and none over another.
  func openingHours(_ index: Int) throws(PolicyFileError) -> [OpeningSpan] {
    let text = try self.text(index, "hours")
    var spans: [OpeningSpan] = []
    for part in text.split(separator: ";", omittingEmptySubsequences: false) {
      spans += try self.openingSpans(part)
    }
    spans.sort { ($0.weekday, $0.opens) < ($1.weekday, $1.opens) }
    for (earlier, later) in zip(spans, spans.dropFirst())
    where earlier.weekday == later.weekday && later.opens < earlier.closes {
      throw self.error("hours lie over one another on weekday \(later.weekday)")
    }
    return spans
  }

  /// The hours of some weekdays: `1-5 08:30-12:00 14:00-17:30`.
  private func openingSpans(_ part: Substring) throws(PolicyFileError) -> [OpeningSpan] {
    let words = part.split(separator: " ")
    guard words.count > 1, let days = Self.weekdays(words[0]) else {
      throw self.error("hours are weekdays and times, such as 1-5 08:30-17:00, not \(part)")
    }
    var spans: [OpeningSpan] = []
    for word in words.dropFirst() {
      guard let times = Self.times(word) else {
        throw self.error("no span of a day: \(word)")
      }
      spans += days.map { OpeningSpan(weekday: $0, opens: times.opens, closes: times.closes) }
    }
    return spans
  }

  /// `6`, or `1-5`.
  private static func weekdays(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
      .compactMap { decimal($0.utf8) }
    guard let first = ends.first, let last = ends.last, text.utf8.count == 2 * ends.count - 1,
      ends.count <= 2, first >= 1, last <= 7, first <= last
    else { return nil }
    return first...last
  }

  /// `HH:MM-HH:MM` as minutes after midnight; nil where it is no span of a day.
  static func times(_ text: Substring) -> (opens: Int, closes: Int)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let opens = Self.minutes(ends[0]), let closes = Self.minutes(ends[1]),
      opens < closes
    else { return nil }
    return (opens, closes)
  }

  /// `HH:MM` as minutes after midnight, to 24:00.
  private static func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
      let hour = decimal(parts[0].utf8), let minute = decimal(parts[1].utf8), minute < 60
    else { return nil }
    let minutes = hour * 60 + minute
    return minutes <= 24 * 60 ? minutes : nil
  }
}
