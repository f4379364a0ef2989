import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// How many changes one answer of the feed has at most.
  static let feedPageMax = 200

  /// Streams the changes of all that an integrator has submitted, from a place on and then as they
  /// come; throws `SERVICE_STOPPING` when the process ends, so that it goes on elsewhere.
  ///
  /// Nothing is kept for a watcher but where he is: he is read to page by page, as fast as he takes
  /// it. The first answer comes at once.
  func watchApplications(
    _ request: IntakeV1.WatchApplicationsRequest,
    _ responses: ResponseWriter<IntakeV1.WatchApplicationsResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    let owner = caller.principal
    try self.feeds.take(for: caller)
    defer { self.feeds.giveBack(by: caller) }
    var place = try await self.place(request.resumeToken, of: owner)
    var isFirst = true
    for try await _ in self.store.newPositions(by: self.time) {
      var isBehind = true
      while isBehind && !self.parts.store.signals.isFinished {
        let changes = try await self.store.changes(
          of: owner, after: place?.position ?? 0, limit: Self.feedPageMax)
        place = changes.last?.place ?? place
        isBehind = changes.count == Self.feedPageMax
        guard isFirst || !changes.isEmpty else { continue }
        isFirst = false
        try await responses.write(
          IntakeV1.WatchApplicationsResponse(
            changes: changes.map(IntakeV1.ApplicationChange.init),
            resumeToken: place?.token ?? ""))
      }
    }
    throw ServiceError(.serviceStopping, retryDelayMs: CallSlots.retryDelayMs)
  }

  /// Where a watcher goes on; nil for the beginning. Throws `RESUME_TOKEN_UNKNOWN`.
  private func place(_ token: String, of owner: String) async throws -> FeedPlace<Application>? {
    if token.isEmpty { return nil }
    guard let place = FeedPlace<Application>(token: token),
      try await self.store.isKnown(place, of: owner)
    else { throw ServiceError(.resumeTokenUnknown) }
    return place
  }
}

extension IntakeV1.ApplicationChange {
  fileprivate init(_ change: FeedChange) {
    self.init(
      applicationID: change.place.entity.text, applicationNumber: change.number,
      kind: .init(change.kind), state: .init(change.state), version: change.place.version,
      changedAtMs: change.at.milliseconds, certificateIdentifier: change.certificateIdentifier)
  }
}
