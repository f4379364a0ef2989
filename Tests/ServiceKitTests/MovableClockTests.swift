import DomainModel
import Foundation
import Synchronization
import Testing
import ToolKit

@testable import ServiceKit

/// The sandbox's clock.
struct MovableClockTests {
  /// The machine's clock, as a test has it; its sleeps are over at once and count as time.
  private final class Machine: TimeSource {
    private let current = Mutex(Timestamp(milliseconds: 1_000_000))

    func now() -> Timestamp { self.current.withLock { $0 } }

    func pass(_ milliseconds: Int64) {
      self.current.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }

    func sleep(until deadline: Timestamp) async throws {
      try Task.checkCancellation()
      self.current.withLock { $0 = max($0, deadline) }
    }
  }

  private static func with(
    _ body: (_ clock: MovableClock, _ machine: Machine, _ file: URL) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "clock-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (machine, file) = (Machine(), folder.appending(path: "clock"))
    try await body(MovableClock(file: file.path, machine: machine), machine, file)
  }

  private static func write(_ text: String, to file: URL) throws {
    try Data(text.utf8).write(to: file, options: .atomic)
  }

  @Test func `without its file it is the machine's`() async throws {
    try await Self.with { clock, machine, _ in #expect(clock.now() == machine.now()) }
  }

  @Test func `it is ahead by the file's seconds, soon after they are written`() async throws {
    try await Self.with { clock, machine, file in
      _ = clock.now()
      try Self.write("86400\n", to: file)
      machine.pass(MovableClock.lookMs)
      #expect(clock.now() == machine.now().adding(milliseconds: 86_400_000))
    }
  }

  @Test func `when the command line has moved it, it has followed`() async throws {
    try await Self.with { _, _, file in
      let clock = MovableClock(file: file.path)
      let began = clock.now()
      try await SandboxClock(path: file.path).move(bySeconds: 3_600)
      #expect(clock.now() >= began.adding(milliseconds: 3_600_000))
    }
  }

  @Test(arguments: ["", "-5", "a year", "9999999999999", "60"])
  func `it never goes back, whatever the file says`(_ text: String) async throws {
    try await Self.with { clock, machine, file in
      try Self.write("3600", to: file)
      #expect(clock.now() == machine.now().adding(milliseconds: 3_600_000))
      try Self.write(text, to: file)
      machine.pass(MovableClock.lookMs)
      #expect(clock.now() == machine.now().adding(milliseconds: 3_600_000))
    }
  }

  @Test func `who sleeps wakes when it is moved past the deadline`() async throws {
    try await Self.with { clock, machine, file in
      let began = machine.now()
      try Self.write("1000", to: file)
      let deadline = clock.now().adding(milliseconds: 30 * 86_400_000)
      try Self.write("\(40 * 86_400)", to: file)
      try await clock.sleep(until: deadline)
      #expect(clock.now() >= deadline)
      #expect(machine.now().milliseconds - began.milliseconds <= 2 * MovableClock.lookMs)
    }
  }

  @Test func `who sleeps on a clock that nobody moves wakes at the deadline`() async throws {
    try await Self.with { clock, machine, _ in
      let deadline = clock.now().adding(milliseconds: 250)
      try await clock.sleep(until: deadline)
      #expect(machine.now() == deadline)
    }
  }
}
