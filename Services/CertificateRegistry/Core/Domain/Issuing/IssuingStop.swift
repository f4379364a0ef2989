import DomainModel

/// Why the registry issues nothing for now.
///
/// No sentence names a person, and each says what ends the stop: whoever sees it is an operator.
enum IssuingStop: Hashable, Sendable {
  /// The process signs with another key than the registry does.
  case keyWrong(KeyPair)
  /// Something among the newest of the log is not as it was left.
  case logDamaged(LogDamage)
  /// The clock stands so many milliseconds before the newest head of the log.
  case clockBehind(Int64)
  /// The clock stands so many milliseconds after the newest head of the log.
  case clockAhead(Int64)
  /// The clock stands so many milliseconds after the database's; before it where that is negative.
  case clockApart(Int64)

  /// The key at hand and the key in use, by their names.
  struct KeyPair: Hashable, Sendable {
    let keyID: String
    let inUse: String
  }

  /// What is damaged: the audit's code, the place and the sentence.
  struct LogDamage: Hashable, Sendable {
    let code: String
    let place: String
    let text: String
  }

  /// For programs: the `cause` of `ISSUING_STOPPED`, and of the gauge `anju_issuing_stopped`.
  enum Cause: String, Hashable, Sendable, CaseIterable {
    case signingKey = "signing_key"
    case logDamaged = "log_damaged"
    case clockBehind = "clock_behind"
    case clockAhead = "clock_ahead"
    case clockApart = "clock_apart"
  }

  /// The same for programs.
  var cause: Cause {
    switch self {
    case .keyWrong: .signingKey
    case .logDamaged: .logDamaged
    case .clockBehind: .clockBehind
    case .clockAhead: .clockAhead
    case .clockApart: .clockApart
    }
  }

  /// The sentence for an operator.
  var sentence: String {
    switch self {
    case .keyWrong(let keys):
      "the key \(keys.keyID) is not the one that signs for the registry, \(keys.inUse): put that "
        + "key's file in place, or start the process anew if the key was rotated"
    case .logDamaged(let damage):
      "\(damage.place) is damaged (\(damage.code)): \(damage.text); make a backup and have `anju "
        + "audit` look at all of it"
    case .clockBehind(let milliseconds):
      "the clock stands \(Self.span(milliseconds)) before the newest head of the log: set it "
        + "right, or wait"
    case .clockAhead(let milliseconds):
      "the clock stands \(Self.span(milliseconds)) after the newest head of the log: set it right, "
        + "or raise registry.issuing.clock.ahead.days if nothing was changed for so long"
    case .clockApart(let milliseconds):
      "the clock stands \(Self.span(abs(milliseconds))) "
        + "\(milliseconds < 0 ? "before" : "after") the database's: set the wrong one right"
    }
  }

  private static func span(_ milliseconds: Int64) -> String {
    let minutes = milliseconds / 60_000
    if minutes < 120 { return "\(minutes) minutes" }
    let hours = minutes / 60
    return hours < 48 ? "\(hours) hours" : "\(hours / 24) days"
  }
}
