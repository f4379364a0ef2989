/// Something done again and again, each time measured.
public struct Load<Work: Sendable>: Sendable {
  private let prepare: @Sendable (Int, inout SplitMix) -> Work
  private let perform: @Sendable (Work) async throws -> Void
  /// How long a refused piece of work counts for in an open loop: it throws what this takes.
  private let isRefusal: @Sendable (any Error) -> Bool
  /// Numbers the pieces of work, from 0, over all loops of this load.
  private let counter = Counter()

  /// A load: `prepare` makes the work of a number, unmeasured; `perform` does it. In an open loop
  /// work whose error is a refusal counts as if it had lasted the whole loop; any other error ends
  /// the loop.
  public init(
    prepare: @escaping @Sendable (Int, inout SplitMix) -> Work,
    isRefusal: @escaping @Sendable (any Error) -> Bool = { _ in false },
    perform: @escaping @Sendable (Work) async throws -> Void
  ) {
    self.prepare = prepare
    self.perform = perform
    self.isRefusal = isRefusal
  }

  /// `callers` at once, each with one piece of work under way, for so long or until so many have
  /// been begun.
  public func closedLoop(
    callers: Int, seconds: Double = .infinity, count: Int = .max
  ) async throws -> Latencies {
    let watch = Stopwatch()
    let nanoseconds = try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<callers {
        group.addTask {
          var random = SplitMix(.random(in: .min ... .max))
          var latencies: [UInt64] = []
          while watch.seconds < seconds {
            let number = self.counter.next()
            guard number < count else { break }
            let work = self.prepare(number, &random)
            let began = watch.nanoseconds()
            try await self.perform(work)
            latencies.append(watch.nanoseconds() - began)
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0.append(contentsOf: $1) }
    }
    return Latencies(nanoseconds, of: watch)
  }

  /// An open loop: work arrives at a fixed rate, whether or not the earlier is done, and each
  /// one's latency counts from when it *should* have begun, so that a stall is felt by all who came
  /// meanwhile.
  public func openLoop(rate: Double, seconds: Double) async throws -> Latencies {
    let watch = Stopwatch()
    let count = Int(rate * seconds)
    let gapNs = 1e9 / rate
    let nanoseconds = try await withThrowingTaskGroup(of: UInt64.self) { group in
      var random = SplitMix(42)
      var sent = 0
      while sent < count {
        let nowNs = Double(watch.nanoseconds())
        while sent < count && Double(sent) * gapNs <= nowNs {
          let work = self.prepare(self.counter.next(), &random)
          let intendedNs = UInt64(Double(sent) * gapNs)
          group.addTask {
            do {
              try await self.perform(work)
              return watch.nanoseconds() - intendedNs
            } catch let error where self.isRefusal(error) {
              return UInt64(seconds * 1e9)
            }
          }
          sent += 1
        }
        try await Task.sleep(for: .microseconds(500))
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    return Latencies(nanoseconds, of: watch)
  }
}
