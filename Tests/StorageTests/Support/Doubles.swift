import DomainModel
import Logging
import Storage
import Synchronization

/// A clock that stands still until a test moves it.
final class FakeTime: TimeSource {
  private static let moved: Topic = "moved"
  private let current: Mutex<Timestamp>
  private let signals = SignalHub()

  init(_ milliseconds: Int64 = 1_700_000_000_000) {
    self.current = Mutex(Timestamp(milliseconds: milliseconds))
  }

  func now() -> Timestamp { self.current.withLock { $0 } }

  func advance(_ milliseconds: Int64) {
    self.current.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    self.signals.signal([Self.moved])
  }

  func sleep(until deadline: Timestamp) async throws {
    while true {
      let mark = self.signals.mark(Self.moved)
      if self.now() >= deadline { return }
      try await self.signals.wait(Self.moved, after: mark)
    }
  }
}

/// Bytes from a seed.
final class SeededRandom: RandomSource {
  private let state: Mutex<UInt64>

  init(_ seed: UInt64 = 1) {
    self.state = Mutex(seed)
  }

  func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in
      self.state.withLock { state in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
    }
  }
}

/// Hides the text and binds it to its place, as a real seal does, without its strength.
struct FakeSealer: Sealer {
  struct WrongPlace: Error {}

  private func label(_ place: SealedPlace) -> [UInt8] {
    let parts = [place.table, place.column, place.row]
    return Array(parts.map { "\($0.utf8.count) \($0)" }.joined().utf8)
  }

  func seal(_ plain: [UInt8], as place: SealedPlace) throws -> [UInt8] {
    (self.label(place) + plain).map { $0 ^ 0xA5 }
  }

  func open(_ sealed: [UInt8], as place: SealedPlace) throws -> [UInt8] {
    let opened = sealed.map { $0 ^ 0xA5 }
    let label = self.label(place)
    guard opened.starts(with: label) else { throw WrongPlace() }
    return Array(opened.dropFirst(label.count))
  }
}

/// A blind index that tests can read.
struct FakeBlindIndex: BlindIndex {
  var keyID = "k1"
  var others: [any BlindIndex] = []
  func blind(_ text: String) -> [UInt8] { Array("\(self.keyID):\(text)".utf8.reversed()) }
}

/// Keeps what is logged.
final class CollectedLogs: Sendable {
  struct Line: Sendable {
    var level: Logger.Level
    var message: String
    var metadata: Logger.Metadata
  }

  private struct Handler: LogHandler {
    let logs: CollectedLogs
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { self.metadata[key] }
      set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let line = Line(
        level: event.level, message: event.message.description, metadata: event.metadata ?? [:])
      self.logs.kept.withLock { $0.append(line) }
    }
  }

  private let kept = Mutex<[Line]>([])

  var lines: [Line] { self.kept.withLock { $0 } }
  var logger: Logger { Logger(label: "test") { _ in Handler(logs: self) } }
}
