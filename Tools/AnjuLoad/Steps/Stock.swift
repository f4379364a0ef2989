import LoadReport
import Synchronization

/// Persons who have a permit before the run begins.
enum Stock {
  /// How many are made at once.
  private static let callers = 16

  /// Walks so many persons of the scene to a loaded permit; throws the first thing that went wrong.
  static func made(
    _ count: Int, in scene: Scene, _ say: @escaping @Sendable (Int) -> Void
  ) async throws -> [Subject] {
    guard count > 0 else { return [] }
    let made = Mutex<[Subject]>([])
    let failure = Mutex<(any Error)?>(nil)
    let loop = ClosedLoop(callers: self.callers, watch: Stopwatch(), tally: Tally())
    _ = await loop.run(count: count) { arrival in
      guard failure.withLock({ $0 == nil }) else { return }
      var taking = Taking(
        scene: scene, services: scene.services(of: arrival.index),
        subject: scene.newcomer(arrival.index))
      do {
        for step in Flow.forStock.steps { try await taking.take(step) }
        let done = made.withLock { made in
          made.append(taking.subject.kept)
          return made.count
        }
        say(done)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return made.withLock { $0 }
  }
}
