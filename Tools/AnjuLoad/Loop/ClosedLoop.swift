/// So many callers, each of whom begins again when he was answered. It hides what the callers would
/// have met who were kept waiting: for preparing, for finding the most that can be done, and to be
/// put beside an open loop.
struct ClosedLoop: Sendable {
  /// After how many arrivals it ends where they may be newcomers: nobody knows before how many will
  /// come, and there are only so many persons.
  static let newcomersMax = 2_000_000

  let callers: Int
  let watch: Stopwatch
  let tally: Tally

  /// Runs until so many were begun or the time is over.
  func run(
    count: Int = .max, seconds: Double = .infinity,
    _ perform: @escaping @Sendable (Arrival) async -> Void
  ) async -> LoopOutcome {
    let numbers = Counter()
    await withDiscardingTaskGroup { group in
      for _ in 0..<self.callers {
        group.addTask {
          while Double(self.watch.nowUs) < seconds * 1_000_000, !Task.isCancelled {
            let index = numbers.next()
            guard index < count, self.tally.begins(most: self.callers) else { return }
            await perform(Arrival(index: index, intendedUs: self.watch.nowUs))
            self.tally.ended()
          }
        }
      }
    }
    return LoopOutcome(begun: min(numbers.count, count), tookUs: self.watch.nowUs)
  }
}
