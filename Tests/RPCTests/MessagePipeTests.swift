import DomainModel
import Synchronization
import TestSupport
import Testing

@testable import RPC

@Suite struct MessagePipeTests {
  /// A cancellation that falls between a reader's look at it and the reader's waiting must still
  /// wake the reader. `discard` keeps the pipe's lock busy, so that the reader is often between the
  /// two when it is cancelled.
  @Test func `a cancellation never misses a reader that begins to wait`() async {
    var missed = 0
    for round in 0..<10_000 {
      let pipe = MessagePipe()
      let begun = Flag()
      let ended = Flag()
      let reader = Task {
        begun.raise()
        _ = try? await pipe.next()
        ended.raise()
      }
      for _ in 0..<2_000 where !begun.isRaised { await Task.yield() }
      for _ in 0..<(round % 300) { pipe.discard() }
      reader.cancel()
      for _ in 0..<1_000 where !ended.isRaised { await Task.yield() }
      for _ in 0..<500 where !ended.isRaised {
        try? await ContinuousClock().sleep(for: .milliseconds(10))
      }
      if !ended.isRaised {
        missed += 1
        await pipe.finish()
      }
      await reader.value
    }
    #expect(missed == 0)
  }
}

private final class Flag: Sendable {
  private let value = Atomic(false)

  var isRaised: Bool { self.value.load(ordering: .acquiring) }

  func raise() { self.value.store(true, ordering: .releasing) }
}
