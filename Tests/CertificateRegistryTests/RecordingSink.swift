import DomainModel
import Logging
import RPC
import Synchronization
import TestSupport
import Wire

@testable import CertificateRegistryCore

/// A platform that keeps what it is sent, and can be away or forget.
final class RecordingSink: Sendable {
  private struct State {
    var requests: [FeedV1.PushChangesRequest] = []
    var next: Int64 = 0
    var isAway = false
    var losesAnswers = false
  }

  private let state = Mutex(State())

  /// Every call that came, also those whose answers were lost.
  var requests: [FeedV1.PushChangesRequest] { self.state.withLock { $0.requests } }
  /// The first leaf that it does not have.
  var next: Int64 { self.state.withLock { $0.next } }

  /// Whether nobody reaches it.
  func isAway(_ isAway: Bool) { self.state.withLock { $0.isAway = isAway } }
  /// Whether it keeps what it is sent, and nobody hears so.
  func losesAnswers(_ loses: Bool) { self.state.withLock { $0.losesAnswers = loses } }
  /// Forgets everything from a leaf on.
  func forget(from leaf: Int64) { self.state.withLock { $0.next = leaf } }

  func sink(
    _ clock: any TimeSource, name: String = "data-platform", in division: String = ""
  ) throws -> FeedSink {
    let method = FeedV1.ChangeSinkMethods.pushChanges
    var router = RPCRouter(
      identity: TestIdentity(), access: AccessTable([method: .anyone]),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    router.unary(method) { try self.pushChanges($0, $1) }
    return FeedSink(
      name: name, channel: try InProcessTransport(router, clock: clock), divisionPrefix: division)
  }

  private func pushChanges(
    _ request: FeedV1.PushChangesRequest, _ context: CallContext
  ) throws -> FeedV1.PushChangesResponse {
    try self.state.withLock { state in
      if state.isAway { throw ServiceError(.storeUnavailable) }
      state.requests.append(request)
      let end = request.nextLeafIndex
      if request.firstLeafIndex <= state.next { state.next = max(state.next, end) }
      if state.losesAnswers { throw ServiceError(.storeUnavailable) }
      return FeedV1.PushChangesResponse(nextLeafIndex: state.next)
    }
  }
}
