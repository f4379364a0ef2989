/// What goes wrong in a run, each in thousandths of what could.
struct FaultPlan: Hashable, Sendable {
  /// Calls that never arrive.
  var lostRequests = 0
  /// Calls that are done, but whose answer never arrives.
  var lostAnswers = 0
  /// Calls that arrive once more, later.
  var repeated = 0
  /// Calls that arrive after their caller has given up.
  var late = 0
  /// Transactions in which the process dies, before they are committed.
  var crashesBeforeCommit = 0
  /// Transactions after whose commit the process dies, before anybody hears of it.
  var crashesAfterCommit = 0
  /// How long it takes at most until one process dies wherever it stands, in milliseconds; 0 for
  /// never.
  var deathsMs = 0
  /// Texts that the gateway says it has not taken, though every second of them it has.
  var gatewayFaults = 0
  /// How long the gateway takes at most to answer, in milliseconds; a lease is a minute.
  var gatewayAnswerMs = 0
  /// How long after that a text reaches its telephone at most, in milliseconds.
  var gatewayLateMs = 0

  /// Nothing goes wrong.
  static let none = FaultPlan()

  /// A run's own mixture: some seeds have much of one thing and nothing of another.
  static func drawn(_ chance: Chance) -> FaultPlan {
    FaultPlan(
      lostRequests: chance.number(0...150), lostAnswers: chance.number(0...150),
      repeated: chance.number(0...150), late: chance.number(0...100),
      crashesBeforeCommit: chance.number(0...20), crashesAfterCommit: chance.number(0...20),
      deathsMs: chance.happens(perMille: 500) ? chance.number(3_000...40_000) : 0,
      gatewayFaults: chance.number(0...300),
      gatewayAnswerMs: chance.happens(perMille: 200) ? 90_000 : chance.number(0...2_000),
      gatewayLateMs: chance.number(0...60_000))
  }
}

/// What becomes of one call.
enum CallFate {
  case delivered
  case requestLost
  case answerLost
  case repeated
  case late

  static func drawn(_ chance: Chance, _ plan: FaultPlan) -> CallFate {
    var draw = chance.number(0...999)
    for (share, fate) in [
      (plan.lostRequests, CallFate.requestLost), (plan.lostAnswers, .answerLost),
      (plan.repeated, .repeated), (plan.late, .late),
    ] {
      if draw < share { return fate }
      draw -= share
    }
    return .delivered
  }
}

/// Where in a transaction its process dies.
enum CrashPoint {
  case nowhere
  case beforeCommit
  case afterCommit

  static func drawn(_ chance: Chance, _ plan: FaultPlan) -> CrashPoint {
    let draw = chance.number(0...999)
    if draw < plan.crashesBeforeCommit { return .beforeCommit }
    return draw < plan.crashesBeforeCommit + plan.crashesAfterCommit ? .afterCommit : .nowhere
  }
}
