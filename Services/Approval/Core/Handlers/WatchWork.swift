import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// How many changes one answer has at most.
  static let workPageMax = 200

  /// Streams the changes of an office's work, from a place on and then as they come; throws
  /// `SERVICE_STOPPING` when the process ends, so that it goes on elsewhere.
  ///
  /// Nothing is kept for a watcher but where he is: he is read to page by page, as fast as he takes
  /// it. The first answer comes at once.
  func watchWork(
    _ request: ApprovalV1.WatchWorkRequest,
    _ responses: ResponseWriter<ApprovalV1.WatchWorkResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    let office = try self.watchedOffice(request, context, caller)
    try self.watches.take(for: caller)
    defer { self.watches.giveBack(by: caller) }
    var place = try await self.place(request.resumeToken, of: office)
    var isFirst = true
    for try await _ in self.store.newWork(by: self.time) {
      var isBehind = true
      while isBehind && !self.parts.store.signals.isFinished {
        let changes = try await self.store.workChanges(
          of: office, after: place?.position ?? 0, limit: Self.workPageMax)
        place = changes.last?.place ?? place
        isBehind = changes.count == Self.workPageMax
        guard isFirst || !changes.isEmpty else { continue }
        isFirst = false
        let now = self.time.now()
        try await responses.write(
          ApprovalV1.WatchWorkResponse(
            changes: changes.map { .init($0, of: office, at: now) },
            resumeToken: place?.token ?? ""))
      }
    }
    throw ServiceError(.serviceStopping, retryDelayMs: CallSlots.retryDelayMs)
  }

  /// The office watched: the officer's own unless he names one of those below it. Throws
  /// `OFFICER_WRONG_OFFICE` for another one, `REQUEST_INVALID` where an auditor names none.
  private func watchedOffice(
    _ request: ApprovalV1.WatchWorkRequest, _ context: CallContext, _ caller: Caller
  ) throws -> String {
    let named = request.officeCode
    guard case .offices(let codes) = try self.reach(of: context) else {
      var defects = DefectList()
      if named.isEmpty { defects.add(.fieldMissing, at: "office_code") }
      try defects.throwIfAny(.requestInvalid)
      return named
    }
    let office = named.isEmpty ? caller.office ?? "" : named
    guard codes.contains(office) else { throw ServiceError(.officerWrongOffice) }
    return office
  }

  /// Where a watcher goes on; nil for the beginning. Throws `RESUME_TOKEN_UNKNOWN`.
  private func place(
    _ token: String, of office: String
  ) async throws -> FeedPlace<ApprovalCase>? {
    if token.isEmpty { return nil }
    guard let place = FeedPlace<ApprovalCase>(token: token),
      try await self.store.isKnown(place, of: office)
    else { throw ServiceError(.resumeTokenUnknown) }
    return place
  }
}
