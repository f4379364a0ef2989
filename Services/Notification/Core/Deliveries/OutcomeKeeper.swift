import DomainModel
import Storage
import Synchronization

/// Writes down how tries ended, many in one transaction: what ends while one is written gathers for
/// the next. Whoever comes first writes for all that have come by then, and the first of those that
/// came meanwhile goes on.
final class OutcomeKeeper: Sendable {
  /// How many outcomes one transaction holds at most.
  static let outcomesMax = 64

  private let store: NotificationStore
  private let retries: RetrySchedule
  private let state = Mutex(State())

  private struct State {
    var isWriting = false
    /// As many at most as messages are with the gateway at a time.
    var waiting: [Waiting] = []
  }

  private struct Waiting {
    let ended: EndedTry
    let asker: CheckedContinuation<Turn, Never>
  }

  /// What becomes of one who waits.
  private enum Turn: Sendable {
    /// It is written down: where its message stands, nil where that is gone.
    case done(Result<MessageState?, any Error>)
    /// It writes its own and what waits with it.
    case write
  }

  init(_ store: NotificationStore, _ retries: RetrySchedule) {
    self.store = store
    self.retries = retries
  }

  /// Returns where the message stands once the outcome is on stable storage, nil where it is gone.
  func keep(_ ended: EndedTry) async throws -> MessageState? {
    let turn = await withCheckedContinuation { asker in
      let isFirst = self.state.withLock { state in
        if state.isWriting {
          state.waiting.append(Waiting(ended: ended, asker: asker))
          return false
        }
        state.isWriting = true
        return true
      }
      if isFirst { asker.resume(returning: .write) }
    }
    switch turn {
    case .done(let result): return try result.get()
    case .write: return try await self.write(ended).get()
    }
  }

  private func write(_ own: EndedTry) async -> Result<MessageState?, any Error> {
    let others = self.state.withLock { state in
      let others = Array(state.waiting.prefix(Self.outcomesMax - 1))
      state.waiting.removeFirst(others.count)
      return others
    }
    let results = await self.results(of: [own] + others.map(\.ended))
    for (other, result) in zip(others, results.dropFirst()) {
      other.asker.resume(returning: .done(result))
    }
    let next = self.state.withLock { state -> Waiting? in
      state.isWriting = !state.waiting.isEmpty
      return state.isWriting ? state.waiting.removeFirst() : nil
    }
    next?.asker.resume(returning: .write)
    return results[0]
  }

  /// What cannot be written together, though the store is well, is written one by one: one that
  /// fails is no reason for the others to.
  private func results(of ended: [EndedTry]) async -> [Result<MessageState?, any Error>] {
    do {
      return try await self.store.settle(ended, self.retries).map { .success($0) }
    } catch let error where ended.count == 1 || Fault.isOutage(error) {
      return ended.map { _ in .failure(error) }
    } catch {
      var results: [Result<MessageState?, any Error>] = []
      for one in ended { results += await self.results(of: [one]) }
      return results
    }
  }
}
