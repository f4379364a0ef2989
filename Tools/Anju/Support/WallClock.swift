import DomainModel
import ToolKit

/// The machine's clock, for a store that the command line opens by itself.
struct WallClock: TimeSource {
  func now() -> Timestamp { .present }

  func sleep(until deadline: Timestamp) async throws {
    let left = deadline.milliseconds - self.now().milliseconds
    if left > 0 { try await Task.sleep(for: .milliseconds(left)) }
  }
}
