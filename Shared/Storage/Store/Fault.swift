internal import DomainModel

/// What an error says of the work that met it, for whoever does work that nobody waits for: whether
/// to try it all again, or to leave this one thing to a person.
public enum Fault {
  /// Whether nothing was decided: the store or a peer does not answer, or the task is to end. The
  /// same work may succeed later; nothing is wrong with the thing it was done to.
  public static func isOutage(_ error: any Error) -> Bool {
    if let error = error as? StorageError { return error.isOutage }
    if let error = error as? ServiceError { return error.retry == .soon }
    return error is CancellationError
  }

  /// What may be stored and logged of an error: catalogue entries and storage errors hold no
  /// personal data, of anything else only the type is named.
  public static func text(of error: any Error) -> String {
    if let error = error as? ServiceError {
      return "\(error.reason.isEmpty ? "\(error.code)" : error.reason): \(error.message)"
    }
    if let error = error as? StorageError { return error.description }
    return "\(type(of: error))"
  }
}
