import DomainModel
import Synchronization
import TestSupport

/// What has happened in a run, a line an event, each with its simulated time.
final class Trace: Sendable {
  private let clock: FakeClock
  private let begun: Timestamp
  private let kept = Mutex<[String]>([])

  init(_ clock: FakeClock) {
    self.clock = clock
    self.begun = clock.now()
  }

  var lines: [String] { self.kept.withLock { $0 } }

  func add(_ event: String) {
    let at = self.clock.now().milliseconds - self.begun.milliseconds
    self.kept.withLock { $0.append("\(at) \(event)") }
  }

  /// A number that two different messages hardly share: FNV-1a.
  static func digest(_ bytes: [UInt8]) -> String {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(digest, radix: 16)
  }
}
