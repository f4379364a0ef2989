import DomainModel
import RPC
import ServiceKit
import TestSupport

/// The smallest service there is: it answers health and an echo. `ProcessTests` and the test of the
/// drain under load start it, signal it and look how it ends.
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
      let job = reader.choice("probe.job", default: Job.good, "what the background job does")
      let record = reader.text(
        "probe.record", default: "/dev/null", "the file that every call's request is added to")
      return (job, record)
    } wire: { wiring, settings in
      let (job, path) = settings
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
      let record = CallRecord(path: path)
      var access = AccessTable()
      access.allow(EchoService.echo, .anyone)
      wiring.serve(access) { record.register(on: &$0) }
    }
  }
}
