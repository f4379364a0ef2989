import Foundation

/// One life of `StoreProbe`; killed when it goes out of scope.
final class WritingProcess {
  private struct Ended: Error, CustomStringConvertible {
    let description = "the probe ended before it was killed"
  }

  /// How many writes the probe has under way at most.
  static let writersMax = 8

  private let process = Process()
  private let pipe = Pipe()
  private var rest: [UInt8] = []

  init(_ engine: String, _ place: String, first: Int) throws {
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    self.process.executableURL = folder.appending(path: "StoreProbe")
    self.process.arguments = [engine, place, "\(first)"]
    self.process.standardInput = FileHandle.nullDevice
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
      guard let lines = self.nextLines() else { throw Ended() }
      numbers.formUnion(lines.compactMap { Int($0) })
    }
    return numbers
  }

  /// Reads acknowledgements until a write is refused; throws if the process ends before.
  func acknowledgementsUntilRefused() throws -> Set<Int> {
    var numbers: Set<Int> = []
    while true {
      guard let lines = self.nextLines() else { throw Ended() }
      numbers.formUnion(lines.compactMap { Int($0) })
      if lines.contains("refused") { return numbers }
    }
  }

  /// SIGKILL, as a power cut of the process alone; returns what it had acknowledged until then.
  func killAndDrain() -> Set<Int> {
    kill(self.process.processIdentifier, SIGKILL)
    var numbers: Set<Int> = []
    while let lines = self.nextLines() { numbers.formUnion(lines.compactMap { Int($0) }) }
    self.process.waitUntilExit()
    return numbers
  }

  /// The lines that have come since, once there is something; nil when the process has ended.
  private func nextLines() -> [String]? {
    let part = self.pipe.fileHandleForReading.availableData
    if part.isEmpty { return nil }
    self.rest += part
    guard let end = self.rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let whole = self.rest[..<end]
    self.rest = Array(self.rest[(end + 1)...])
    return whole.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}
