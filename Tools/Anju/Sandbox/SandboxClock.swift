import ArgumentParser
import DomainModel
import Foundation

/// The file by which a sandbox's services and the command line agree on the time: how many seconds
/// they are ahead of the machine (the services' setting `sandbox.clock`).
struct SandboxClock {
  /// How far ahead a service takes it, in seconds: a hundred years.
  static let aheadSecondsMax: Int64 = 100 * 366 * 86_400

  let path: String

  /// The one that `ANJU_CLOCK` names; nil outside of a sandbox.
  static var named: SandboxClock? { environment("ANJU_CLOCK").map { SandboxClock(path: $0) } }

  /// How many seconds it is ahead; 0 where nobody has moved it.
  var aheadSeconds: Int64 {
    let text = try? String(contentsOfFile: self.path, encoding: .utf8)
    return text.flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
  }

  /// Moves it forward. The file is replaced as a whole, so that nobody reads half of it.
  func move(bySeconds seconds: Int64) throws {
    let (ahead, isTooFar) = self.aheadSeconds.addingReportingOverflow(seconds)
    guard seconds >= 0 else {
      throw ValidationError("The clock goes forward only: what has been signed would not be yet.")
    }
    guard !isTooFar, ahead <= Self.aheadSecondsMax else {
      throw ValidationError("The clock cannot be more than a hundred years ahead.")
    }
    try Data("\(ahead)\n".utf8).write(to: URL(fileURLWithPath: self.path), options: .atomic)
  }
}

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
struct Clock: ParsableCommand {
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

  func run() throws {
    guard let clock = SandboxClock.named else {
      throw ValidationError("ANJU_CLOCK does not say which file the sandbox's clock is.")
    }
    if let forward { try clock.move(bySeconds: forward.seconds) }
    if let to {
      let leftMs = to.timestamp.milliseconds - Timestamp.present.milliseconds
      try clock.move(bySeconds: Int64((Double(leftMs) / 1000).rounded(.up)))
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
