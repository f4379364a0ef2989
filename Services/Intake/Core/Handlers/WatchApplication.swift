import DomainModel
import RPC
import Storage
import Wire

extension IntakeHandlers {
  /// Streams an application now and after each change, until it has ended.
  ///
  /// Each time it is read anew, so several changes in a row may come as one; `version` says how far
  /// the watcher is.
  func watchApplication(
    _ request: IntakeV1.WatchApplicationRequest,
    _ responses: ResponseWriter<IntakeV1.WatchApplicationResponse>, _ context: CallContext
  ) async throws {
    let reach = Self.reach(of: try context.requireCaller())
    let id = ID<Application>(request.applicationID)
    let changes = Changes(
      of: IntakeStore.topic, in: self.store.store, by: self.effects.time)
    var seen: Int64 = 0
    for try await _ in changes {
      let application = try await self.store.application(id, changedSince: seen, within: reach)
      guard let application else { continue }
      seen = application.version
      if application.version > request.afterVersion {
        try await responses.write(.init(application: .init(application)))
      }
      if application.state.isFinal { return }
    }
  }
}
