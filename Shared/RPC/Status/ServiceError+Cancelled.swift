public import DomainModel

extension ServiceError {
  /// The status of a call that its caller has left.
  public static let cancelled = ServiceError(code: .cancelled, message: "The call was cancelled.")
}
