import DomainModel
import NotificationGateways
import Storage
import Synchronization

/// Makes durable how tries ended, and what providers say of messages after they were sent; much of
/// it in one transaction: what comes while one is written gathers for the next. Whoever comes first
/// writes for all that have come by then, and the first of those that came meanwhile goes on.
///
/// Answers are written before what was said after them, so that a receipt which came at once finds
/// its segment.
final class LedgerKeeper: ReceiptKeeper {
  /// How many outcomes one transaction holds at most.
  static let outcomesMax = 64
  /// How many pieces of news one transaction holds at most.
  static let newsMax = 256

  private let store: NotificationStore
  private let retries: RetrySchedule
  private let random: any RandomSource
  private let state = Mutex(State())

  private struct State {
    var isWriting = false
    /// At most as many as messages are with the gateway at a time, and one for each connection.
    var waiting: [Waiting] = []

    /// What is written together, in the order in which it came: the first, and what has room.
    mutating func takeBatch(with first: Entry) -> [Waiting] {
      var (ended, news) = (first.ended.count, first.news.count)
      let count =
        self.waiting.firstIndex { one in
          ended += one.entry.ended.count
          news += one.entry.news.count
          return ended > LedgerKeeper.outcomesMax || news > LedgerKeeper.newsMax
        } ?? self.waiting.count
      defer { self.waiting.removeFirst(count) }
      return Array(self.waiting.prefix(count))
    }
  }

  /// What one who waits wants to have written.
  private struct Entry: Sendable {
    var ended: [EndedTry] = []
    var news: [GatewayNews] = []
  }

  private struct Waiting: Sendable {
    let entry: Entry
    let asker: CheckedContinuation<Turn, Never>
  }

  /// Where the messages of the tries stand, nil where one is gone.
  private typealias Outcome = Result<[MessageState?], any Error>

  /// What becomes of one who waits.
  private enum Turn: Sendable {
    /// It is written down.
    case done(Outcome)
    /// It writes its own and what waits with it.
    case write
  }

  init(_ store: NotificationStore, _ retries: RetrySchedule, _ random: any RandomSource) {
    self.store = store
    self.retries = retries
    self.random = random
  }

  /// How many wait for the next transaction while one is written.
  var waitingCount: Int { self.state.withLock { $0.waiting.count } }

  /// Returns where the message stands once the outcome is on stable storage, nil where it is gone.
  func keep(_ ended: EndedTry) async throws -> MessageState? {
    try await self.keep(Entry(ended: [ended]))[0]
  }

  func keep(_ news: [GatewayNews]) async throws {
    var rest = news[...]
    while !rest.isEmpty {
      _ = try await self.keep(Entry(news: Array(rest.prefix(Self.newsMax))))
      rest = rest.dropFirst(Self.newsMax)
    }
  }

  private func keep(_ entry: Entry) async throws -> [MessageState?] {
    let turn = await withCheckedContinuation { asker in
      let isFirst = self.state.withLock { state in
        if state.isWriting {
          state.waiting.append(Waiting(entry: entry, asker: asker))
          return false
        }
        state.isWriting = true
        return true
      }
      if isFirst { asker.resume(returning: .write) }
    }
    switch turn {
    case .done(let outcome): return try outcome.get()
    case .write: return try await self.writeBatch(with: entry).get()
    }
  }

  private func writeBatch(with own: Entry) async -> Outcome {
    let others = self.state.withLock { $0.takeBatch(with: own) }
    let outcomes = await self.write([own] + others.map(\.entry))
    // Who is cancelled takes nobody along: the others write for themselves.
    let isCancelled = outcomes[0].isCancelled
    if !isCancelled {
      for (other, outcome) in zip(others, outcomes.dropFirst()) {
        other.asker.resume(returning: .done(outcome))
      }
    }
    let next = self.state.withLock { state -> Waiting? in
      if isCancelled { state.waiting.insert(contentsOf: others, at: 0) }
      state.isWriting = !state.waiting.isEmpty
      return state.isWriting ? state.waiting.removeFirst() : nil
    }
    next?.asker.resume(returning: .write)
    return outcomes[0]
  }

  /// What cannot be written together, though the store is well, is written one by one: one that
  /// fails is no reason for the others to.
  private func write(_ batch: [Entry]) async -> [Outcome] {
    do {
      var states = try await self.store.settle(
        batch.flatMap(\.ended), batch.flatMap(\.news), self.retries, jitter: self.random.jitter()
      )[...]
      return batch.map { entry in
        defer { states = states.dropFirst(entry.ended.count) }
        return .success(Array(states.prefix(entry.ended.count)))
      }
    } catch let error where batch.count == 1 || Fault.isOutage(error) {
      return batch.map { _ in .failure(error) }
    } catch {
      var outcomes: [Outcome] = []
      for entry in batch { outcomes += await self.write([entry]) }
      return outcomes
    }
  }
}

extension Result where Failure == any Error {
  fileprivate var isCancelled: Bool {
    if case .failure(let error) = self { error is CancellationError } else { false }
  }
}
