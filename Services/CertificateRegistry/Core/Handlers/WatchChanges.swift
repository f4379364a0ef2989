import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Streams changes in the order of their leaves, from one on and then as they come; throws
  /// `SERVICE_STOPPING` when the process ends, so that the watcher goes on elsewhere.
  ///
  /// The first answer comes at once, whatever there is; another whenever a change concerns the
  /// watcher, and after some silence to tell how far he is.
  func watchChanges(
    _ request: RegistryV1.WatchChangesRequest,
    _ responses: ResponseWriter<RegistryV1.WatchChangesResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    try self.feed.check(caller)
    var defects = DefectList()
    var next = defects.treeSize(request.nextLeafIndex, at: "next_leaf_index", least: 0)
    defects.checkDivisionPrefix(request.divisionPrefix, at: "division_prefix")
    try defects.throwIfAny(.requestInvalid)
    try self.feed.slots.take(for: caller)
    defer { self.feed.slots.giveBack(by: caller) }
    var told: Timestamp?
    for try await _ in self.store.newLeaves(by: self.time) {
      var isBehind = true
      while isBehind && !self.parts.store.signals.isFinished {
        let page = try await self.store.page(
          from: next, in: request.divisionPrefix, self.feed.limits)
        next = page.next
        isBehind = page.head == nil && page.next > 0
        let now = self.time.now()
        let isDue = told.map { now >= $0.adding(milliseconds: self.feed.limits.silenceMs) } ?? true
        guard !page.leaves.isEmpty || isDue else { continue }
        try await self.keepTold(page, in: request.divisionPrefix, to: caller)
        try await responses.write(RegistryV1.WatchChangesResponse(page))
        told = now
      }
    }
    throw ServiceError(.serviceStopping, retryDelayMs: CallSlots.retryDelayMs)
  }

  /// Keeps what a platform is told, before it is: an auditor is no other.
  private func keepTold(
    _ page: LeafPage, in division: String, to caller: Caller
  ) async throws {
    guard caller.kind == .integrator, let first = page.leaves.first?.index,
      let last = page.leaves.last?.index
    else { return }
    let told = FeedProvision(
      receiver: caller.principal, divisionPrefix: division, leaves: first..<(last + 1))
    let now = self.time.now()
    try await self.parts.store.write {
      try FeedProvisionTable.record($0, told, at: now)
    }
  }
}

extension RegistryV1.WatchChangesResponse {
  fileprivate init(_ page: LeafPage) {
    self.init(
      changes: page.leaves.map(RegistryV1.Change.init), nextLeafIndex: Int64(page.next),
      head: page.head.map(RegistryV1.TreeHead.init))
  }
}

extension DefectList {
  /// Checks the first digits of a division's code (GB/T 2260: province, city, county).
  fileprivate mutating func checkDivisionPrefix(_ text: String, at field: String) {
    if !FeedSink.isPrefix(text) { self.add(.divisionPrefixInvalid, at: field) }
  }
}
