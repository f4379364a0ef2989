import Foundation

/// A disk of a few megabytes, in memory; gone after the body.
struct SmallDisk {
  private struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Room for a new database and a little more.
  private static let megabytes = 24
  /// The right of the kernel's that mounting asks for (CAP_SYS_ADMIN).
  private static let rightToMount: UInt64 = 1 << 21

  /// Whether this process may mount one.
  static var isPossible: Bool {
    guard geteuid() == 0,
      let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
      let rights = line.split(whereSeparator: \.isWhitespace).last.flatMap({ UInt64($0, radix: 16) }
      )
    else { return false }
    return rights & Self.rightToMount != 0
  }

  let folder: String

  static func run(beside folder: String, _ body: (SmallDisk) async throws -> Void) async throws {
    let disk = SmallDisk(folder: folder + ".disk")
    try FileManager.default.createDirectory(
      atPath: disk.folder, withIntermediateDirectories: false)
    try await Self.command(
      "mount", "-t", "tmpfs", "-o", "size=\(Self.megabytes)m,mode=711", "tmpfs", disk.folder)
    do {
      try await body(disk)
    } catch {
      try await Self.command("umount", "-l", disk.folder)
      throw error
    }
    try await Self.command("umount", "-l", disk.folder)
  }

  private var filler: String { self.folder + "/filler" }

  /// Takes up all that is left.
  func fill() throws {
    guard FileManager.default.createFile(atPath: self.filler, contents: nil),
      let file = FileHandle(forWritingAtPath: self.filler)
    else { throw Failed(description: "\(self.filler) cannot be made") }
    let part = [UInt8](repeating: 1, count: 4_096)
    while write(file.fileDescriptor, part, part.count) == part.count {}
    let reason = errno
    try file.close()
    if reason != ENOSPC { throw Failed(description: "\(self.filler): error \(reason)") }
  }

  func makeRoom() throws {
    try FileManager.default.removeItem(atPath: self.filler)
  }

  private static func command(_ words: String...) async throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    let status = try await process.runToEnd()
    if status != 0 { throw Failed(description: "\(words) ended with \(status)") }
  }
}

extension Process {
  /// Runs it and waits for its exit status, holding no thread up.
  func runToEnd() async throws -> Int32 {
    try await withCheckedThrowingContinuation { continuation in
      self.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try self.run() } catch { continuation.resume(throwing: error) }
    }
  }
}
