import DomainModel
import RPC
import Wire

/// A client that watches one application to its end. What breaks it begins again from where it
/// was; now and then it leaves by itself and comes back.
struct Watcher: Sendable {
  /// How often it leaves after a message, in thousandths.
  private static let leaving = 200
  private static let ends: Set<IntakeV1.ApplicationState> = [
    .completed, .refused, .notAccepted,
  ]

  let client: Client

  /// The application as it was told of last.
  func watch(_ id: String) async throws -> IntakeV1.Application? {
    var last: IntakeV1.Application?
    while true {
      do {
        let isOver = try await self.client.intake.watchApplication(
          .init(applicationID: id, afterVersion: last?.version ?? 0)
        ) { stream in try await self.read(stream, of: id, &last) }
        if isOver {
          self.client.world.tell(.watches)
          return last
        }
      } catch let error as ServiceError where Client.retried.contains(error.code) {
        // Begins again below.
      }
      try await self.client.world.sleep(self.client.chance.wait(Client.againMs))
    }
  }

  /// Returns whether it was told that nothing more will come.
  private func read(
    _ stream: ResponseStream<IntakeV1.WatchApplicationResponse>, of id: String,
    _ last: inout IntakeV1.Application?
  ) async throws -> Bool {
    for try await answer in stream {
      guard let application = answer.application else { continue }
      if let before = last, application.version <= before.version {
        self.client.world.violated(
          "a watcher of \(id) was told of version \(application.version) after \(before.version)")
      }
      last = application
      if self.client.chance.happens(perMille: Self.leaving) { return false }
    }
    if !(last.map { Self.ends.contains($0.state) } ?? false) {
      self.client.world.violated("the watch of \(id) ended before its application did")
    }
    return true
  }
}
