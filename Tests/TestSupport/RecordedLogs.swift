public import Logging
internal import Synchronization

/// A logger's lines, kept for a test to read.
public final class RecordedLogs: Sendable {
  /// One line.
  public struct Line: Sendable {
    /// Its level.
    public let level: Logger.Level
    /// Its message.
    public let message: String
    /// Its fields, the logger's own included.
    public let metadata: [String: String]
  }

  private let kept = Mutex<[Line]>([])

  /// No lines yet.
  public init() {}

  /// The lines so far.
  public var lines: [Line] { self.kept.withLock { $0 } }

  /// A logger that records here, every level.
  public func logger(_ label: String = "test") -> Logger {
    Logger(label: label) { _ in Handler(logs: self) }
  }

  private func keep(_ line: Line) {
    self.kept.withLock { $0.append(line) }
  }

  private struct Handler: LogHandler {
    let logs: RecordedLogs
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.trace

    init(logs: RecordedLogs) {
      self.logs = logs
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { self.metadata[key] }
      set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let merged = self.metadata.merging(event.metadata ?? [:]) { _, new in new }
      self.logs.keep(
        Line(
          level: event.level, message: "\(event.message)",
          metadata: merged.mapValues { "\($0)" }))
    }
  }
}
