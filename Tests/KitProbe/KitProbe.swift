import DomainModel
import RPC
import ServiceKit

/// The smallest service there is: it answers health only. `ProcessTests` start it, signal it and
/// look how it ends.
@main
enum KitProbe {
  /// What its background job does.
  enum Job: String, CaseIterable {
    /// Ends when it is told to.
    case good
    /// Goes on whatever it is told.
    case stubborn
    /// Fails at once, each time.
    case broken
  }

  private struct Failure: Error, CustomStringConvertible {
    let description = "broken on purpose"
  }

  static func main() async {
    await ServiceProcess.run(.intake) { reader in
      reader.choice("probe.job", default: Job.good, "what the background job does")
    } wire: { wiring, job in
      let clock = wiring.clock
      wiring.addJob("probe") {
        if job == .broken { throw Failure() }
        repeat {
          try? await clock.sleep(until: clock.now().adding(milliseconds: 20))
          if !Task.isCancelled { continue }
          if job == .good { throw CancellationError() }
          await Task.yield()
        } while true
      }
      wiring.serve(AccessTable()) { _ in }
    }
  }
}
