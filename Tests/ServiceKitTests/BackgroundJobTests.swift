import DomainModel
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

private struct Broken: Error, CustomStringConvertible {
  let description = "broken"
}

@Suite(.timeLimit(.minutes(10)))
struct BackgroundJobTests {
  @Test func `a job that fails begins again after a pause that grows to its bound`() async {
    let clock = FakeClock()
    let logs = RecordedLogs()
    let starts = Mutex<[Int64]>([])
    let job = BackgroundJob(name: "outbox", logger: logs.logger(), clock: clock) {
      starts.withLock { $0.append(clock.now().milliseconds) }
      throw Broken()
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await job.repeatUntilCancelled() }
      for count in 1...8 {
        #expect(await clock.waitForSleepers(1))
        #expect(throws: (any Error).self) { try job.check() }
        while starts.withLock({ $0.count }) == count {
          clock.advance(milliseconds: 1_000)
          // Once woken it fails and sleeps again before the clock goes on.
          #expect(await clock.waitForSleepers(1))
        }
      }
      group.cancelAll()
    }
    let times = starts.withLock { $0 }
    let pauses = zip(times.dropFirst(), times).map { ($0 - $1) / 1_000 }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60])
    #expect(logs.lines.first?.metadata == ["job": "outbox", "why": "broken"])
  }

  @Test func `a job that is cancelled ends and is not told as a failure`() async {
    let clock = FakeClock()
    let logs = RecordedLogs()
    let job = BackgroundJob(name: "outbox", logger: logs.logger(), clock: clock) {
      try await clock.sleep(until: Timestamp(milliseconds: .max))
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await job.repeatUntilCancelled() }
      #expect(await clock.waitForSleepers(1))
      group.cancelAll()
    }
    #expect(logs.lines.isEmpty)
    #expect(throws: Never.self) { try job.check() }
  }
}
