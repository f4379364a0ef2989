import ArgumentParser
import Foundation

/// The file by which a sandbox's services and the command line agree on the time: how many seconds
/// they are ahead of the machine (the services' setting `sandbox.clock`).
package struct SandboxClock {
  /// How far ahead a service takes it, in seconds: a hundred years.
  package static let aheadSecondsMax: Int64 = 100 * 366 * 86_400
  /// How old what a service has read of the file may be: so long after a move, all follow it.
  package static let followedAfter: Duration = .milliseconds(100)

  package let path: String

  /// The clock in a file.
  package init(path: String) {
    self.path = path
  }

  /// The one that `ANJU_CLOCK` names; nil outside of a sandbox.
  package static var named: SandboxClock? {
    environment("ANJU_CLOCK").map { SandboxClock(path: $0) }
  }

  /// How many seconds it is ahead; 0 where nobody has moved it.
  package var aheadSeconds: Int64 {
    let text = try? String(contentsOfFile: self.path, encoding: .utf8)
    return text.flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
  }

  /// Moves it forward, and returns when every service follows it: until then, a token of the new
  /// time is one that is not valid yet. The file is replaced as a whole, so that nobody reads half
  /// of it.
  package func move(bySeconds seconds: Int64) async throws {
    let (ahead, isTooFar) = self.aheadSeconds.addingReportingOverflow(seconds)
    guard seconds >= 0 else {
      throw ValidationError("The clock goes forward only: what has been signed would not be yet.")
    }
    guard !isTooFar, ahead <= Self.aheadSecondsMax else {
      throw ValidationError("The clock cannot be more than a hundred years ahead.")
    }
    try Data("\(ahead)\n".utf8).write(to: URL(fileURLWithPath: self.path), options: .atomic)
    try await Task.sleep(for: Self.followedAfter)
  }
}
