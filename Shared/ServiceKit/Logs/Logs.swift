internal import DomainModel
public import Logging
public import RPC

/// Sets up logging for a process.
public enum Logs {
  /// Sends every logger's lines to standard error, and returns the service's own logger. Called
  /// once a process, before the first logger is made.
  public static func bootstrap(service: ServiceName, settings: CommonSettings) -> Logger {
    let level = Logger.Level(settings.logLevel)
    let format = settings.logFormat
    LoggingSystem.bootstrap { _ in
      LineLogHandler(
        logLevel: level, label: service.rawValue, format: format, output: StandardError(),
        clock: SystemClock())
    }
    return Logger(label: service.rawValue)
  }
}

extension Logger.Level {
  fileprivate init(_ level: CommonSettings.LogLevel) {
    switch level {
    case .trace: self = .trace
    case .debug: self = .debug
    case .info: self = .info
    case .notice: self = .notice
    case .warning: self = .warning
    case .error: self = .error
    case .critical: self = .critical
    }
  }
}
