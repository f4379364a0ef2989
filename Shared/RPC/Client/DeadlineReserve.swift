/// What a service keeps of its caller's time when it calls another: the time that its own answer
/// needs on its way, so that the caller hears of a peer's deadline before its own passes.
public enum DeadlineReserve {
  /// How much of what is left is kept, in per cent.
  public static let percent: Int64 = 5
  /// The least that is kept, in milliseconds.
  public static let leastMs: Int64 = 1
  /// The most that is kept, in milliseconds.
  public static let mostMs: Int64 = 20

  /// How much time is passed on of `remainingMs`; 0 if nothing is left to pass on.
  public static func passedOn(_ remainingMs: Int64) -> Int64 {
    let reserve = min(max(remainingMs * Self.percent / 100, Self.leastMs), Self.mostMs)
    return max(remainingMs - reserve, 0)
  }
}
