/// Why a schedule cannot be: every reason, each a sentence that names the key.
package struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The reasons, in the order of the keys.
  package let reasons: [String]

  package var description: String {
    "the schedule is refused: " + self.reasons.joined(separator: "; ")
  }
}
