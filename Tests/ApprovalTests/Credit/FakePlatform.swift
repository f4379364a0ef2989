import DomainModel
import Logging
import RPC
import ServiceCore
import Synchronization
import TestSupport
import Wire

/// A platform that keeps credit entries as the contract asks it to: the newest version of each. It
/// can be away, refuse, and keep an entry without anybody hearing so.
final class FakePlatform: Sendable {
  private struct State {
    var requests: [CreditV1.PutEntryRequest] = []
    var entries: [String: CreditV1.CreditEntry] = [:]
    var changesCount = 0
    var error: ServiceError?
    var losesAnswers = false
  }

  let name: String
  private let state = Mutex(State())

  init(_ name: String) { self.name = name }

  /// Every call that came, also those whose answers were lost.
  var requests: [CreditV1.PutEntryRequest] { self.state.withLock { $0.requests } }
  /// What it keeps, by id.
  var entries: [String: CreditV1.CreditEntry] { self.state.withLock { $0.entries } }
  /// How often something it keeps has changed.
  var changesCount: Int { self.state.withLock { $0.changesCount } }

  /// Answers with an error from now on; nil with none.
  func refuse(with error: ServiceError?) { self.state.withLock { $0.error = error } }
  /// Whether it keeps what it is sent, and nobody hears so.
  func losesAnswers(_ loses: Bool) { self.state.withLock { $0.losesAnswers = loses } }

  func platform(_ clock: any TimeSource) throws -> Platform {
    let method = CreditV1.CreditRecordServiceMethods.putEntry
    var router = RPCRouter(
      identity: TestIdentity(), access: AccessTable([method: .anyone]),
      logger: RecordedLogs().logger())
    router.unary(method) { try self.putEntry($0, $1) }
    return Platform(name: self.name, channel: try InProcessTransport(router, clock: clock))
  }

  private func putEntry(
    _ request: CreditV1.PutEntryRequest, _ context: CallContext
  ) throws -> CreditV1.PutEntryResponse {
    try self.state.withLock { state in
      if let error = state.error { throw error }
      state.requests.append(request)
      if let entry = request.entry {
        let known = state.entries[entry.entryID]?.version ?? 0
        if known < entry.version {
          state.entries[entry.entryID] = entry
          state.changesCount += 1
        }
      }
      if state.losesAnswers { throw ServiceError(.storeUnavailable) }
      return CreditV1.PutEntryResponse()
    }
  }
}
