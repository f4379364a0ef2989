import LoadReport

/// Begins each arrival when the schedule says so, whether or not earlier ones have ended.
struct OpenLoop: Sendable {
  let schedule: Schedule
  let limits: LoopLimits
  let watch: Stopwatch
  let tally: Tally
  /// On which an arrival runs best, by its number.
  var executor: @Sendable (Int) -> any TaskExecutor = { _ in globalConcurrentExecutor }

  /// Runs the schedule to its end and returns when all that was begun has ended. `perform` bounds
  /// its own time.
  func run(_ perform: @escaping @Sendable (Arrival) async -> Void) async -> LoopOutcome {
    await withTaskExecutorPreference(PacingThread()) { await self.begin(perform) }
  }

  private func begin(_ perform: @escaping @Sendable (Arrival) async -> Void) async -> LoopOutcome {
    var outcome = LoopOutcome()
    await withDiscardingTaskGroup { group in
      var index = 0
      while let intendedUs = self.schedule.startUs(of: index), !Task.isCancelled {
        let earlyUs = intendedUs - self.watch.nowUs
        if earlyUs > 0 {
          PacingThread.wait(atMostUs: earlyUs)
          continue
        }
        if -earlyUs > self.limits.behindUsMax {
          outcome.gaveUp = true
          break
        }
        let arrival = Arrival(index: index, intendedUs: intendedUs)
        index += 1
        guard self.tally.begins(most: self.limits.inFlightMax) else {
          outcome.shed += 1
          continue
        }
        outcome.begun += 1
        group.addTask(executorPreference: self.executor(arrival.index)) {
          // How late it begins *to run* counts: a task that waits for a thread has not begun.
          self.tally.lagged(self.watch.nowUs - arrival.intendedUs)
          await perform(arrival)
          self.tally.ended()
        }
      }
    }
    outcome.tookUs = self.watch.nowUs
    return outcome
  }
}
