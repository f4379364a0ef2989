internal import DomainModel
internal import Logging
internal import Metrics
internal import ServiceLifecycle
internal import Synchronization

/// Work that goes on as long as the process: sending what an outbox owes, delivering texts.
///
/// It ends with the process, by cancellation. If it throws before, that is told (log, metric,
/// health), and it begins again after a pause that doubles up to a bound: what one row breaks must
/// not take the calls down with it.
final class BackgroundJob: Service {
  /// The first pause and the longest, in milliseconds.
  static let pauseMs: Int64 = 1_000
  static let pauseMsMax: Int64 = 60_000

  private let name: String
  private let logger: Logger
  private let clock: any TimeSource
  private let work: @Sendable () async throws -> Void
  private let problem = Mutex<String?>(nil)

  init(
    name: String, logger: Logger, clock: any TimeSource,
    work: @escaping @Sendable () async throws -> Void
  ) {
    self.name = name
    self.logger = logger
    self.clock = clock
    self.work = work
  }

  /// Throws what made the job pause, for as long as it does.
  func check() throws {
    if let problem = self.problem.withLock({ $0 }) { throw JobProblem(description: problem) }
  }

  func run() async throws {
    await cancelWhenGracefulShutdown { await self.repeatUntilCancelled() }
  }

  func repeatUntilCancelled() async {
    let failures = Counter(label: "background_job_failures", dimensions: [("job", self.name)])
    var pauseMs = Self.pauseMs
    while !Task.isCancelled {
      let begun = self.clock.now()
      let ended = await self.once()
      if Task.isCancelled { return }
      failures.increment()
      self.logger.error(
        "background job ended", metadata: ["job": "\(self.name)", "why": "\(ended)"])
      let lasted = self.clock.now().milliseconds - begun.milliseconds
      pauseMs = lasted > Self.pauseMsMax ? Self.pauseMs : min(pauseMs, Self.pauseMsMax)
      self.problem.withLock { $0 = ended }
      try? await self.clock.sleep(milliseconds: pauseMs)
      self.problem.withLock { $0 = nil }
      pauseMs *= 2
    }
  }

  private func once() async -> String {
    do {
      try await self.work()
      return "it returned"
    } catch { return "\(error)" }
  }
}

/// Why a job pauses.
private struct JobProblem: Error, CustomStringConvertible {
  let description: String
}
