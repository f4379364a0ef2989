public import DomainModel

/// Does again what a store in outage did not take, for as long as that is of use.
///
/// *Why?* Who holds a lease and cannot write down how its work ended leaves that work to nobody
/// until the lease's end. *If you don't:* a database that was away for a second holds up a text, or
/// a permit, for as long as a lease lasts.
public struct Retrier: Sendable {
  private let backoff: Backoff
  private let time: any TimeSource
  private let random: any RandomSource

  /// A retrier with these waits between two tries.
  public init(
    _ backoff: Backoff = Backoff(firstMs: 50, maxMs: 1_000), time: any TimeSource,
    random: any RandomSource
  ) {
    self.backoff = backoff
    self.time = time
    self.random = random
  }

  /// Runs the body until it succeeds, fails for another reason than an outage, or would be run
  /// again at `deadline` or later; throws the last failure then, and `CancellationError` if the
  /// task is cancelled while it waits.
  public func keepTrying<Value: Sendable>(
    until deadline: Timestamp, _ body: () async throws -> Value
  ) async throws -> Value {
    var failures = 0
    while true {
      do {
        return try await body()
      } catch let error where Self.mayPass(error) {
        failures += 1
        let waitMs = self.backoff.delayMs(failures: failures, self.random)
        let again = self.time.now().adding(milliseconds: waitMs)
        guard again < deadline else { throw error }
        try await self.time.sleep(until: again)
      }
    }
  }

  private static func mayPass(_ error: any Error) -> Bool {
    !(error is CancellationError) && Fault.isOutage(error)
  }
}
