import DomainModel
import Foundation
import Storage
import StorageSQLite
import Testing

/// Kills a process that writes, again and again, and looks what is there: every acknowledged write,
/// and of no other one a half.
@Suite struct CrashTests {
  /// An engine whose stores outlive the process that writes to them.
  struct Engine: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The engine's name for `StoreProbe`, and where its store lies within a test's folder.
    let name: String
    let place: @Sendable (_ folder: String) -> String
    let open: @Sendable (_ place: String) throws -> SQLiteStore
  }

  static let engines = [
    Engine(
      testDescription: "SQLite", name: "sqlite", place: { $0 + "/store.sqlite" },
      open: { try SQLiteStore(.file($0), time: FakeTime(), logger: .silent) })
  ]

  private static let kills =
    ProcessInfo.processInfo.environment["ANJU_LONG"] == "1" ? 200 : 20
  /// Numbers of one life of the process begin this far apart.
  private static let lifeNumbers = 1_000_000

  @Test(arguments: engines)
  func `a process that is killed while it writes loses nothing that it had acknowledged`(
    _ engine: Engine
  ) async throws {
    let random = SeededRandom()
    try await withTemporaryFolder { folder in
      let place = engine.place(folder)
      var acknowledged: Set<Int> = []
      for life in 0..<Self.kills {
        let writing = try WritingProcess(engine.name, place, first: life * Self.lifeNumbers)
        // Killed after some acknowledgements, in the middle of whatever comes then.
        let bytes = random.bytes(2)
        let atLeast = 1 + (Int(bytes[0]) << 8 | Int(bytes[1])) % 200
        acknowledged.formUnion(try writing.acknowledgements(atLeast: atLeast))
        acknowledged.formUnion(try writing.killAndDrain())
        // Looked at each time, by a start after a crash, and once more after a clean one.
        try await self.check(engine, place, acknowledged)
      }
      #expect(acknowledged.count >= Self.kills)
      try await self.check(engine, place, acknowledged)
    }
  }

  private func check(
    _ engine: Engine, _ place: String, _ acknowledged: Set<Int>
  ) async throws {
    let store = try engine.open(place)
    var parts: [Int: Int] = [:]
    var after = -1
    // In pages, as everybody else reads.
    while true {
      let bound = after
      let page = try await store.read { snapshot in
        try snapshot.rows(
          """
          SELECT number, COUNT(*) AS parts FROM crash WHERE number > \(bound)
          GROUP BY number ORDER BY number LIMIT 5000
          """
        ).map { (try $0.int("number"), try $0.int("parts")) }
      }
      guard let last = page.last else { break }
      for (number, count) in page { parts[number] = count }
      after = last.0
    }
    await store.close()
    let lost = acknowledged.filter { parts[$0] == nil }
    #expect(lost.isEmpty, "acknowledged, and not there")
    let halves = parts.filter { $0.value != 2 }.keys.sorted()
    #expect(halves.isEmpty, "there in half")
  }
}

/// One life of `StoreProbe`; killed when it goes out of scope.
private final class WritingProcess {
  private struct Ended: Error, CustomStringConvertible {
    let description = "the probe ended before it was killed"
  }

  private let process = Process()
  private let pipe = Pipe()
  private var rest: [UInt8] = []

  init(_ engine: String, _ place: String, first: Int) throws {
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    self.process.executableURL = folder.appending(path: "StoreProbe")
    self.process.arguments = [engine, place, "\(first)"]
    self.process.standardOutput = self.pipe
    try self.process.run()
  }

  deinit {
    if self.process.isRunning { kill(self.process.processIdentifier, SIGKILL) }
  }

  /// Reads acknowledgements until there are so many; throws if the process ends before.
  func acknowledgements(atLeast count: Int) throws -> Set<Int> {
    var numbers: Set<Int> = []
    while numbers.count < count {
      let part = self.pipe.fileHandleForReading.availableData
      if part.isEmpty { throw Ended() }
      numbers.formUnion(self.lines(in: part))
    }
    return numbers
  }

  /// SIGKILL, as a power cut of the process alone; returns what it had acknowledged until then.
  func killAndDrain() throws -> Set<Int> {
    kill(self.process.processIdentifier, SIGKILL)
    var numbers: Set<Int> = []
    while true {
      let part = self.pipe.fileHandleForReading.availableData
      if part.isEmpty { break }
      numbers.formUnion(self.lines(in: part))
    }
    self.process.waitUntilExit()
    return numbers
  }

  private func lines(in part: Data) -> [Int] {
    self.rest += part
    guard let end = self.rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let whole = self.rest[..<end]
    self.rest = Array(self.rest[(end + 1)...])
    return whole.split(separator: UInt8(ascii: "\n")).compactMap {
      Int(String(decoding: $0, as: UTF8.self))
    }
  }
}
