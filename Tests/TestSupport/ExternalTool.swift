import Foundation

/// A program that nobody here wrote, run on files in a folder of its own: it says what a stranger
/// makes of what we made.
public struct ExternalTool {
  /// What a run came to.
  public struct Run {
    /// What it printed on its standard output.
    public let text: String
    /// What it printed on its standard error.
    public let complaints: String
    /// What it answered when it ended.
    public let exitCode: Int32
    /// The files of its folder afterwards, by name.
    public let files: [String: [UInt8]]
  }

  /// Runs `name` with the files in its working folder, which is gone afterwards.
  public static func run(
    _ name: String, _ arguments: String..., files: [String: [UInt8]]
  ) throws -> Run {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "anju-tool-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    // Files, because a pipe that nobody reads stops a program that prints much.
    let printed = [folder.appending(path: ".output"), folder.appending(path: ".errors")]
    let outputs = try printed.map { file in
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.currentDirectoryURL = folder
    process.arguments = [name] + arguments
    process.standardOutput = outputs[0]
    process.standardError = outputs[1]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    for output in outputs { try output.close() }
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where !printed.map(\.lastPathComponent).contains(name) {
      found[name] = Array(try Data(contentsOf: folder.appending(path: name)))
    }
    return Run(
      text: try String(contentsOf: printed[0], encoding: .utf8),
      complaints: try String(contentsOf: printed[1], encoding: .utf8),
      exitCode: process.terminationStatus, files: found)
  }
}
