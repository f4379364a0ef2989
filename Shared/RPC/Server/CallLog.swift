import DomainModel
import Logging

/// One line for each call: method, status, duration and the caller's principal. Never a message's
/// content, a citizen id, or any other personal data.
///
/// What may be our fault (`INTERNAL`, `DATA_LOSS`, `UNKNOWN`) is a warning, all else is info; a
/// handler's own failure has been logged as an error by then.
public struct CallLog: ServerInterceptor {
  /// The interceptor; every router has it already.
  public init() {}

  /// Writes the line.
  public func end(_ context: CallContext, _ outcome: CallOutcome) {
    let level: Logger.Level =
      switch outcome.error?.code {
      case .internal, .dataLoss, .unknown: .warning
      default: .info
      }
    guard context.logLevel <= level else { return }
    var fields: Logger.Metadata = [
      "rpc.status": "\(outcome.status)",
      "rpc.duration_us": "\(outcome.durationNs / 1000)",
    ]
    if let caller = context.caller { fields["rpc.caller"] = "\(caller.principal)" }
    if let reason = outcome.error?.reason, !reason.isEmpty { fields["rpc.reason"] = "\(reason)" }
    context.logger.log(level: level, "call", metadata: fields)
  }
}
