import RPC
import Synchronization

/// A stream whose first message comes again after its second:
/// `SimulatedRun.Sabotage.watchesGoBack`.
final class EchoingSource: MessageSource {
  private struct State {
    var first: [UInt8]?
    var count = 0
  }

  private let source: any MessageSource
  private let state = Mutex(State())

  init(_ source: any MessageSource) {
    self.source = source
  }

  func next() async throws -> [UInt8]? {
    let echo: [UInt8]? = self.state.withLock { state in
      guard state.count == 2 else { return nil }
      state.count += 1
      return state.first
    }
    if let echo { return echo }
    let message = try await self.source.next()
    self.state.withLock { state in
      if state.count == 0 { state.first = message }
      state.count += 1
    }
    return message
  }
}
