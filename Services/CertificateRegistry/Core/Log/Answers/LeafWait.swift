import DomainModel
import Logging
import ServiceCore
import Storage
import Synchronization

/// Lets answers wait a little for the leaves of what they tell.
///
/// Whoever waits holds no connection of the store and asks it nothing: one job looks after each
/// round of the sequencer, of whichever replica, for everybody who waits in this process at once.
final class LeafWait: Sendable {
  /// The bounds of waiting.
  struct Limits: Hashable, Sendable {
    /// How long an answer waits at most, in milliseconds; with 0 it tells what is known.
    var waitMs: Int64 = 2_000
    /// How long it waits before it looks by itself, in milliseconds: for the repeat of a call,
    /// whose leaf came long ago, no round is coming.
    var lookMs: Int64 = 40
    /// How many answers wait at most; one more tells what is known.
    var waitingMax = 10_000
    /// How many lines one look asks for.
    var lookMax = 500
    /// How long the job waits for a signal before it looks anyway, in milliseconds.
    var pollMs: Int64 = 1_000
  }

  private struct State {
    /// How many answers wait for each line.
    var waiting: [LogLine: Int] = [:]
    var count = 0
    /// The leaves of lines that are waited for.
    var found: [LogLine: Int] = [:]
  }

  private static let looked: Topic = "looked"

  private let log: LogTable
  private let parts: CoreParts
  private let limits: Limits
  private let state = Mutex(State())
  /// Wakes those who wait, after a look that has found something.
  private let hub = SignalHub()

  init(_ log: LogTable, _ parts: CoreParts, limits: Limits) {
    self.log = log
    self.parts = parts
    self.limits = limits
  }

  /// The leaf of a line, as soon as it has one; nil where it has none in time: `leftMs` is what the
  /// caller still has, nil where it never said.
  ///
  /// What goes wrong with the store is no reason to fail: the change has been made.
  func leaf(of line: LogLine, leftMs: Int64?) async -> Int? {
    let began = self.parts.time.now()
    let waitMs = min(self.limits.waitMs, leftMs ?? .max)
    guard waitMs > 0, self.enter(line) else { return await self.look(line) }
    defer { self.leave(line) }
    let looksAt = began.adding(milliseconds: min(self.limits.lookMs, waitMs))
    if let leaf = await self.found(line, until: looksAt) { return leaf }
    if let leaf = await self.look(line) { return leaf }
    return await self.found(line, until: began.adding(milliseconds: waitMs))
  }

  /// The leaves that the lines of one change have by then: the last one gets its leaf last.
  func leaves(of lines: [LogLine], leftMs: Int64?) async -> [LogLine: Int] {
    guard let last = lines.last else { return [:] }
    let leaf = await self.leaf(of: last, leftMs: leftMs)
    if lines.count == 1 { return leaf.map { [last: $0] } ?? [:] }
    let log = self.log
    return (try? await self.parts.store.read { try log.leaves($0, of: lines) }) ?? [:]
  }

  /// Looks after each round of a sequencer; throws `CancellationError`.
  func run() async throws {
    let signals = self.parts.store.signals
    while true {
      let mark = signals.mark(LogTable.sequenced)
      do {
        try await self.lookForAll()
      } catch let error where !(error is CancellationError) {
        self.parts.logger.debug("log: leaves could not be looked for: \(error)")
      }
      let time = self.parts.time
      try await signals.wait(
        LogTable.sequenced, after: mark,
        until: time.now().adding(milliseconds: self.limits.pollMs), by: time)
    }
  }

  private func lookForAll() async throws {
    var lines = self.state.withLock { state in
      state.waiting.keys.filter { state.found[$0] == nil }
    }[...]
    while !lines.isEmpty {
      let part = Array(lines.prefix(self.limits.lookMax))
      lines = lines.dropFirst(part.count)
      let log = self.log
      let leaves = try await self.parts.store.read { try log.leaves($0, of: part) }
      if leaves.isEmpty { continue }
      self.state.withLock { state in
        for (line, leaf) in leaves where state.waiting[line] != nil { state.found[line] = leaf }
      }
      self.hub.signal([Self.looked])
    }
  }

  private func found(_ line: LogLine, until deadline: Timestamp) async -> Int? {
    while true {
      let mark = self.hub.mark(Self.looked)
      if let leaf = self.state.withLock({ $0.found[line] }) { return leaf }
      let isSignalled = try? await self.hub.wait(
        Self.looked, after: mark, until: deadline, by: self.parts.time)
      // Nobody reads the answer of a call that was cancelled.
      if isSignalled != true { return self.state.withLock { $0.found[line] } }
    }
  }

  private func look(_ line: LogLine) async -> Int? {
    let log = self.log
    return try? await self.parts.store.read { try log.leaves($0, of: [line]) }[line]
  }

  private func enter(_ line: LogLine) -> Bool {
    self.state.withLock { state in
      guard state.count < self.limits.waitingMax else { return false }
      state.count += 1
      state.waiting[line, default: 0] += 1
      return true
    }
  }

  private func leave(_ line: LogLine) {
    self.state.withLock { state in
      state.count -= 1
      let others = state.waiting[line, default: 1] - 1
      state.waiting[line] = others > 0 ? others : nil
      if others <= 0 { state.found[line] = nil }
    }
  }
}
