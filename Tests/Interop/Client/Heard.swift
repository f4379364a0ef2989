import RPC
import Synchronization

/// What a call brought beside its messages.
final class Heard: Sendable {
  struct Facts {
    var headers: Metadata?
    var trailers: Metadata?
    /// Whether each answer came compressed.
    var compressed: [Bool] = []
  }

  private let facts = Mutex(Facts())

  /// What has been heard so far.
  var now: Facts { self.facts.withLock { $0 } }

  /// Options that tell it all to this object.
  func options(metadata: Metadata = Metadata()) -> CallOptions {
    var options = CallOptions(metadata: metadata)
    options.onResponseMetadata = { heard in self.facts.withLock { $0.headers = heard } }
    options.onTrailers = { heard in self.facts.withLock { $0.trailers = heard } }
    options.onAnswer = { heard in self.facts.withLock { $0.compressed.append(heard) } }
    return options
  }
}
