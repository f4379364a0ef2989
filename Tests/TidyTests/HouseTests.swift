import Foundation
import Testing

/// Every rule over the whole tree. `RuleTests` shows that each can fail.
struct HouseTests {
  let tree = Tree.shared

  private func expectNone(_ findings: [Finding], _ location: SourceLocation = #_sourceLocation) {
    let told = findings.sorted().prefix(50).map(\.description).joined(separator: "\n")
    #expect(findings.isEmpty, "\(findings.count) broken rules:\n\(told)", sourceLocation: location)
  }

  private var modules: [String] {
    Set(self.tree.files.filter { $0.isIn("Shared") && $0.folders.count > 1 }.map { $0.folders[1] })
      .map(String.init).sorted()
  }

  @Test func `the tree was found`() {
    #expect(self.tree.has("Package.swift"))
    #expect(self.tree.swift.count > 50)
  }

  @Test func `imports point down`() {
    self.expectNone(self.tree.swift.flatMap(ImportRules.findings))
  }

  @Test func `the world is handed in`() {
    self.expectNone(self.tree.swift.flatMap(CallRules.findings))
  }

  @Test func `files, functions and lines are short`() {
    self.expectNone(self.tree.swift.flatMap(SizeRules.findings))
  }

  @Test func `nothing names a machine or a task without a number`() {
    self.expectNone(self.tree.files.flatMap(TextRules.findings))
  }

  @Test func `an RPC is found by its name`() {
    let protos = self.tree.files.filter { $0.path.hasSuffix(".proto") }
    self.expectNone(protos.flatMap { ShapeRules.findings(proto: $0, has: self.tree.has) })
    #expect(protos.flatMap(ShapeRules.methods).count > 10)
  }

  @Test func `each shared module has its paragraph and its README`() {
    self.expectNone(
      ShapeRules.findings(modules: self.modules, readme: self.tree.text("Shared/README.md")))
    let without = self.modules.filter { !$0.hasPrefix("C") || $0 == "Crypto" }
      .filter { self.tree.text("Shared/\($0)/README.md").count < 200 }
    #expect(without.isEmpty, "these have no README worth the name: \(without)")
  }

  @Test func `no type is named like a module`() {
    let cores = ImportRules.services.flatMap { ["\($0)Core", "\($0)Server"] }
    let modules = Set(self.modules + cores + ["Notification", "NotificationGateways"])
      .subtracting(["WireGen"])  // An executable of a package of its own; nobody imports it.
    // A main is named like its executable, which nobody imports.
    let files = self.tree.swift.filter { !$0.isInMain }
    self.expectNone(
      files.flatMap { ShapeRules.findings(typesOf: $0, modules: modules) })
  }

  @Test func `documents link to what is there and name commands that exist`() throws {
    let documents = self.tree.files.filter { $0.path.hasSuffix(".md") }
    let exists = { (path: String) in
      FileManager.default.fileExists(atPath: Tree.root.appending(path: path).path)
    }
    self.expectNone(documents.flatMap { DocumentRules.deadLinks($0, has: exists) })
    let dev = try #require(self.tree.files.first { $0.path == "dev" })
    let known = DocumentRules.commands(ofDev: dev)
    #expect(known.isSuperset(of: ["run", "test", "build", "generate", "lint", "bench"]))
    self.expectNone(documents.flatMap { DocumentRules.unknownCommands($0, known: known) })
  }

  @Test func `one word per legal term`() {
    let glossary = GlossaryRules.words(ofGlossary: self.tree.text("Shared/DomainModel/GLOSSARY.md"))
    let unknown = GlossaryRules.instead.values.filter { !glossary.contains($0) }
    #expect(unknown.isEmpty, "not in the glossary: \(unknown)")
    self.expectNone(self.tree.files.flatMap(GlossaryRules.findings))
  }

  @Test func `every package is pinned to one version`() {
    let lines = self.tree.text("Package.swift").split(separator: "\n")
      .filter { $0.contains(".package(url:") }
    #expect(!lines.isEmpty)
    #expect(lines.filter { !$0.contains("exact: \"") }.isEmpty)
  }
}
