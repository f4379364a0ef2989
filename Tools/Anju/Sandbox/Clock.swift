import ArgumentParser
import DomainModel
import ToolKit

/// A span as the command line takes it: `90m`, `36h`, `30d`.
struct Span: ExpressibleByArgument, Equatable {
  let seconds: Int64

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }),
      let count = Int64(argument.dropLast()), (0...1_000_000).contains(count)
    else { return nil }
    self.seconds = count * unit
  }
}

/// Shows or moves a sandbox's clock.
struct Clock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a sandbox's clock, or move it forward.",
    discussion: """
      The services must have been told of the same file (sandbox.clock), as \
      `./dev run --sandbox` tells them. ANJU_CLOCK names it, for every command: tokens are of \
      the sandbox's time.
      """)

  @Option(help: "How far forward: 90m, 36h, 30d.")
  var forward: Span?

  @Option(help: "To which instant: 2027-03-10T09:00:00+08:00.")
  var to: Instant?

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  func validate() throws {
    if self.forward != nil && self.to != nil {
      throw ValidationError("--forward and --to are two ways of saying one thing.")
    }
  }

  func run() async throws {
    guard let clock = SandboxClock.named else {
      throw ValidationError("ANJU_CLOCK does not say which file the sandbox's clock is.")
    }
    if let forward { try await clock.move(bySeconds: forward.seconds) }
    if let to {
      let leftMs = to.timestamp.milliseconds - Timestamp.present.milliseconds
      try await clock.move(bySeconds: Int64((Double(leftMs) / 1000).rounded(.up)))
    }
    let view = View(now: local(Timestamp.present.milliseconds), aheadSeconds: clock.aheadSeconds)
    try Output(json: self.json).show(
      view, "\(view.now), \(view.aheadSeconds) s ahead of the machine")
  }

  private struct View: Encodable {
    let now: String
    let aheadSeconds: Int64
  }
}
