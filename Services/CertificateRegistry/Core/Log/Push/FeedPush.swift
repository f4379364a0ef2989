import DomainModel
import Logging
import Metrics
import PermitProof
public import RPC
import ServiceCore
import Storage

/// A platform that is told every change, or those of one division.
public struct FeedSink: Sendable {
  /// Its name in the settings: 1 to 32 small letters, digits and hyphens. How far it has been told
  /// is kept under it.
  public let name: String
  /// The way to it.
  public let channel: any RPCChannel
  /// The first 2, 4 or 6 digits of the divisions whose changes it is told; "" for all.
  public let divisionPrefix: String

  /// A platform. A name that is none, and digits that begin no division's code, are broken
  /// promises.
  public init(name: String, channel: any RPCChannel, divisionPrefix: String = "") {
    precondition(Platform.isName(name), "no name of a platform")
    precondition(Self.isPrefix(divisionPrefix), "no beginning of a division's code")
    self.name = name
    self.channel = channel
    self.divisionPrefix = divisionPrefix
  }

  /// Whether a text is the first digits of a division's code (GB/T 2260: province, city, county),
  /// or empty.
  public static func isPrefix(_ text: String) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return [0, 2, 4, 6].contains(text.utf8.count) && text.utf8.allSatisfy(digits.contains)
  }
}

/// What a platform is sent at once; without a change where there was none of its division, so that
/// it knows how far it is, and is a witness all the same.
struct FeedBatch: Hashable, Sendable {
  let first: Int
  let page: LeafPage
  /// From the last head that it took to the one of the page; nil where there is no such pair.
  let consistency: ConsistencyProof?

  /// The same for the same changes: whatever is sent again is known by it.
  func key(for sink: String) -> String {
    func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
    return "\(sink):\(padded(self.first))-\(padded(self.page.next))"
  }
}

/// Pushes the changes to one platform in leaf order, each at least once: what was sent is noted
/// only once the platform has answered. One replica pushes at a time, under a lease; a platform
/// that is away is tried again later and later, and holds up nothing else.
struct FeedPush: Sendable {
  /// The bounds.
  struct Limits: Hashable, Sendable {
    /// How many changes one call has at most.
    var pageMax = 100
    /// How many leaves one read looks at for those of a division.
    var scanMax = FeedProvisionTable.leavesMax
    /// How long one call may take, in milliseconds: shorter than the lease.
    var callMs: Int64 = 10_000
    /// How long a claim lasts, in milliseconds.
    var leaseMs: Int64 = 30_000
    /// How long it waits after failures.
    var backoff = Backoff(firstMs: 1_000, maxMs: 60_000)
  }

  let sink: FeedSink
  let log: LogTable
  let parts: CoreParts
  var limits = Limits()
  private let owner: String

  init(_ sink: FeedSink, _ log: LogTable, _ parts: CoreParts) {
    self.sink = sink
    self.log = log
    self.parts = parts
    self.owner = parts.makeID(of: FeedPush.self).text
  }

  /// Pushes as changes come; throws `CancellationError`.
  func run() async throws {
    let behind = Gauge(label: "anju_feed_behind", dimensions: [("sink", self.sink.name)])
    let signals = self.parts.store.signals
    var failures = 0
    while true {
      let mark = signals.mark(LogTable.sequenced)
      var pauseMs = Changes.pollMs
      do {
        while let left = try await self.pushOnce() { behind.record(left) }
        failures = 0
      } catch let error where !(error is CancellationError) {
        failures += 1
        pauseMs = self.limits.backoff.delayMs(failures: failures, self.parts.random)
        self.parts.logger.warning(
          "feed: a platform took no changes",
          metadata: ["feed.sink": "\(self.sink.name)", "error": "\(error)"])
      }
      let time = self.parts.time
      let until = time.now().adding(milliseconds: pauseMs)
      if failures > 0 {
        try await time.sleep(until: until)
      } else {
        try await signals.wait(LogTable.sequenced, after: mark, until: until, by: time)
      }
    }
  }

  /// One call, if there is something to tell and nobody else tells it; returns how many leaves are
  /// left, nil where nothing was told. Throws what the platform answers, and `FeedStuck`.
  func pushOnce() async throws -> Int? {
    let (name, owner, log) = (self.sink.name, self.owner, self.log)
    let isBehind = try await self.parts.store.read { snapshot in
      try FeedTable.cursor(snapshot, of: name).next < log.size(snapshot)
    }
    guard isBehind else { return nil }
    let leaseMs = self.limits.leaseMs
    let claim = try await self.parts.store.write {
      try FeedTable.claim($0, name, owner: owner, leaseMs: leaseMs)
    }
    guard let claim else { return nil }
    let (batch, size) = try await self.batch(after: claim.cursor)
    var cursor = claim.cursor
    let wanted: Int
    do {
      wanted = try await self.send(batch, after: claim.cursor)
    } catch {
      try await self.keep(claim.cursor, by: claim)
      throw error
    }
    // What the platform has, as far as there is so much; a head counts once all of it was taken.
    cursor.next = min(max(wanted, 0), size)
    if let head = batch.page.head, wanted >= batch.page.next { cursor.headSize = head.size }
    try await self.keep(cursor, by: claim, having: batch)
    if cursor.next <= batch.first { throw FeedStuck(wanted: wanted, sent: batch.first) }
    return size - cursor.next
  }

  /// Notes how far the platform is, and what it was told: whoever answers has it, whatever he asks
  /// for next.
  private func keep(
    _ cursor: FeedCursor, by claim: FeedClaim, having told: FeedBatch? = nil
  ) async throws {
    let now = self.parts.time.now()
    let provision = told.flatMap { batch -> FeedProvision? in
      // That there was nothing of its division is no provision.
      if batch.page.leaves.isEmpty { return nil }
      return FeedProvision(
        receiver: self.sink.name, divisionPrefix: self.sink.divisionPrefix,
        leaves: batch.first..<batch.page.next)
    }
    try await self.parts.store.write { transaction in
      try FeedTable.keep(transaction, cursor, by: claim)
      if let provision { try FeedProvisionTable.record(transaction, provision, at: now) }
    }
  }

  private func batch(after cursor: FeedCursor) async throws -> (FeedBatch, size: Int) {
    let (log, limit) = (self.log, self.limits.pageMax)
    let division = self.sink.divisionPrefix
    let scanMax = division.isEmpty ? limit : self.limits.scanMax
    return try await self.parts.store.read { snapshot in
      let page = try log.page(
        snapshot, from: cursor.next, in: division, limit: limit, scanMax: scanMax)
      var consistency: ConsistencyProof?
      if let head = page.head, cursor.headSize > 0 {
        consistency = try ConsistencyProof(from: cursor.headSize, to: head.size) {
          try log.node(snapshot, $0)
        }
      }
      return (
        FeedBatch(first: cursor.next, page: page, consistency: consistency),
        try log.size(snapshot)
      )
    }
  }
}

/// A platform has answered well, and has not taken what it was sent.
struct FeedStuck: Error, CustomStringConvertible {
  let wanted: Int
  let sent: Int

  var description: String {
    "it was sent leaves from \(self.sent) on, and asks for \(self.wanted)"
  }
}
