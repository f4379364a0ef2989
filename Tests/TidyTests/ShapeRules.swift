/// Where a reader finds things: by an RPC's name, by a module's name.
enum ShapeRules {
  /// A proto package's service folder.
  static let folderOfPackage = [
    "anju.intake.v1": "Intake", "anju.approval.v1": "Approval",
    "anju.notification.v1": "Notification", "anju.registry.v1": "CertificateRegistry",
  ]

  /// Every RPC of ours that a proto file declares, with the folder of its service.
  static func methods(_ file: SourceFile) -> [(folder: String, name: String, line: Int)] {
    let package = file.lines.lazy
      .compactMap { $0.wholeMatch(of: /package ([a-z0-9.]+);.*/)?.1 }.first
    guard let package, let folder = self.folderOfPackage[String(package)] else { return [] }
    return file.lines.enumerated().compactMap { index, line in
      line.wholeMatch(of: /\s*rpc\s+([A-Za-z]+)\s*\(.*/).map { (folder, String($0.1), index + 1) }
    }
  }

  /// Each RPC has its handler and its tests under its own name.
  static func findings(proto: SourceFile, has: (String) -> Bool) -> [Finding] {
    self.methods(proto).flatMap { method -> [Finding] in
      let wanted = [
        "Services/\(method.folder)/Core/Handlers/\(method.name).swift",
        "Tests/\(method.folder)Tests/\(method.name)Tests.swift",
      ]
      return wanted.filter { !has($0) }.map {
        Finding(path: proto.path, line: method.line, text: "\(method.name) has no \($0)")
      }
    }
  }

  /// Each folder of Shared has its paragraph in Shared/README.md: a list item or a heading that
  /// names it in backticks or as its title.
  static func findings(modules: [String], readme: String) -> [Finding] {
    modules.filter { !readme.contains("**`\($0)`**") }.map {
      Finding(path: "Shared/README.md", line: 0, text: "has no paragraph that begins **`\($0)`**")
    }
  }

  /// A type named like a module hides the module's name.
  static func findings(typesOf file: SourceFile, modules: Set<String>) -> [Finding] {
    file.findings { line in
      let words = line.split { !$0.isLetter && !$0.isNumber }
      guard let kind = words.firstIndex(where: { self.kinds.contains($0) }), kind + 1 < words.count
      else { return nil }
      let name = String(words[kind + 1])
      guard modules.contains(name) else { return nil }
      return "\(name) is a module's name too; then neither can be qualified"
    }
  }

  private static let kinds: Set<Substring> = [
    "struct", "enum", "class", "protocol", "actor", "typealias",
  ]
}
