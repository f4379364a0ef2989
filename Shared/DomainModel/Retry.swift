/// What the same call may hope for if it is made again without being changed.
///
/// The one rule for everybody who asks: the outbox's dispatcher, the catalogue's column "may be
/// retried", a client's own loop.
public enum Retry: Hashable, Sendable {
  /// Nothing was decided: the receiver was busy, away or broken. Again after a short pause.
  case soon
  /// The receiver does not know the method or the caller yet: a release is under way or a right is
  /// missing. Again after a long pause, and a person should hear of it.
  case onceMended
  /// The receiver has decided on this very content.
  case never
}

extension ServiceError.Code {
  /// What a status says where the error names no reason of the catalogue.
  public var retry: Retry {
    switch self {
    case .unavailable, .deadlineExceeded, .aborted, .resourceExhausted, .cancelled, .internal,
      .unknown:
      .soon
    case .unimplemented, .unauthenticated, .permissionDenied: .onceMended
    case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange, .dataLoss:
      .never
    }
  }
}

extension ErrorReason {
  /// What an error of the catalogue says; mostly what its status does.
  public var retry: Retry {
    switch self {
    // A decision, though under a status that seldom is one: the officer stays of his office.
    case .officerWrongOffice: .never
    default: self.code.retry
    }
  }

  /// Whether the same call may soon succeed without being changed.
  public var mayBeRetried: Bool { self.retry == .soon }
}

extension ServiceError {
  /// What the same call may hope for: the reason decides where the catalogue knows it, else the
  /// status.
  public var retry: Retry {
    guard let known = ErrorReason(rawValue: self.reason), known.code == self.code else {
      return self.code.retry
    }
    return known.retry
  }

  /// Whether the receiver has not decided, so that the same message may succeed later.
  public var meansLater: Bool { self.retry != .never }
}
