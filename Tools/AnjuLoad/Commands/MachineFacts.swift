import DomainModel
import Foundation
import LoadReport
import ToolKit

/// What a run runs on, as the operating system tells it.
enum MachineFacts {
  /// The setting of a run that begins now. Who started it may say what was built (ANJU_COMMIT) and
  /// how it is done again (ANJU_COMMAND); which store is under the services their metrics tell.
  static var setting: RunSetting {
    RunSetting(
      processor: self.value(of: "model name", in: "/proc/cpuinfo", "unknown processor"),
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memoryBytes: Int64(ProcessInfo.processInfo.physicalMemory),
      system: self.value(of: "PRETTY_NAME", in: "/etc/os-release", "unknown system"),
      store: "unknown", commit: environment("ANJU_COMMIT") ?? "unknown",
      command: environment("ANJU_COMMAND") ?? CommandLine.arguments.joined(separator: " "),
      startedAt: ISO8601DateFormatter().string(from: Date()))
  }

  /// What stands after a word in the first line of a file that begins with it.
  private static func value(of word: String, in path: String, _ absent: String) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(word) }
    guard let line, let mark = line.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
      return absent
    }
    return line[line.index(after: mark)...]
      .trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "\"")))
  }
}
