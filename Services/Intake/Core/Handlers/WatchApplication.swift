import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Streams an application now and after each change, until it has ended; throws
  /// `SERVICE_STOPPING` when the process ends before, so that the watcher goes elsewhere at once.
  ///
  /// Each time it is read anew, so several changes in a row may come as one; `version` says how far
  /// the watcher is.
  func watchApplication(
    _ request: IntakeV1.WatchApplicationRequest,
    _ responses: ResponseWriter<IntakeV1.WatchApplicationResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    try self.watches.take(for: caller)
    defer { self.watches.giveBack(by: caller) }
    let id = ID<Application>(request.applicationID)
    var seen: Int64 = 0
    for try await _ in self.store.changes(by: self.time) {
      let application = try await self.store.find(
        id, changedSince: seen, within: Reach(of: context))
      guard let application else { continue }
      seen = application.version
      if application.version > request.afterVersion {
        try await responses.write(.init(application: .init(application)))
      }
      if application.state.isFinal { return }
    }
    throw ServiceError(.serviceStopping, retryDelayMs: CallSlots.retryDelayMs)
  }
}
