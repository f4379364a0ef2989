/// Work that a service does as long as it runs. Each is a background job of its own, so that one
/// that fails does not stop the others.
public struct CoreJob: Sendable {
  /// The job's name in logs, metrics and health.
  public let name: String
  /// Runs until its task is cancelled.
  public let run: @Sendable () async throws -> Void

  /// A job.
  public init(_ name: String, run: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.run = run
  }
}
