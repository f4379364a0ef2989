import DomainModel
import ServiceCore

/// One change of an application as its integrator is told it.
struct FeedChange: Hashable, Sendable {
  let place: FeedPlace<Application>
  let number: String
  let kind: ApplicationKind
  let state: ApplicationState
  let at: Timestamp
  /// Of the permit it ended in, where it has by now.
  let certificateIdentifier: String
}
