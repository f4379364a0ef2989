import Foundation

/// The files of the repository, read once.
struct Tree: Sendable {
  /// Where the repository lies, found from this file's own place.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let shared = Tree()

  /// Every file of ours, sorted by path.
  let files: [SourceFile]

  /// What no rule looks at: what tools write, and what nobody wrote by hand.
  private static let foldersLeftOut: Set = [
    ".git", ".build", ".anju", ".swiftpm", ".venv", "__pycache__", ".pytest_cache",
    "CDescriptor",
  ]
  private static let kindsRead: Set = [
    "swift", "md", "proto", "sh", "py", "yml", "tsv", "h", "c", "modulemap", "txt", "json", "conf",
  ]
  private static let namesRead: Set = ["dev", "run", "Dockerfile", ".gitignore", ".swift-format"]

  private init() {
    var files: [SourceFile] = []
    var open = [""]
    while let folder = open.popLast() {
      let place = Self.root.appending(path: folder)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      for name in names where !Self.foldersLeftOut.contains(name) {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        let url = Self.root.appending(path: path)
        if (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false {
          open.append(path)
        } else if Self.kindsRead.contains(url.pathExtension) || Self.namesRead.contains(name),
          let text = try? String(contentsOf: url, encoding: .utf8)
        {
          files.append(SourceFile(path: path, text: text))
        }
      }
    }
    self.files = files.sorted { $0.path < $1.path }
  }

  /// Swift that people wrote: what the generator writes is the generator's business.
  var swift: [SourceFile] {
    self.files.filter { $0.path.hasSuffix(".swift") && !$0.isUnder(folderNamed: "Generated") }
  }

  /// The text of a file; empty if there is none.
  func text(_ path: String) -> String {
    self.files.first { $0.path == path }?.lines.joined(separator: "\n") ?? ""
  }

  func has(_ path: String) -> Bool { self.files.contains { $0.path == path } }
}
