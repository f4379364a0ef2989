import Testing

/// Each rule is shown to refuse what it is for, and to leave alone what it is not.
struct RuleTests {
  /// Path, line of code, what must be told (nil: nothing).
  static let imports: [(String, String, String?)] = [
    ("Shared/RPC/A.swift", "import CNghttp2", "imports CNghttp2; only Shared/HTTP2 may"),
    ("Shared/RPC/A.swift", "public import Wire", "imports Wire, which does not stand below RPC"),
    ("Shared/HTTP2/A.swift", "import CNghttp2", nil),
    ("Services/Intake/Core/A.swift", "import CCairo", "imports CCairo; only Shared/Documents may"),
    ("Shared/Documents/A.swift", "import Crypto", "which does not stand below Documents"),
    ("Shared/DomainModel/A.swift", "import Glibc", "DomainModel imports nothing"),
    ("Shared/Storage/A.swift", "import RPC", "which does not stand below Storage"),
    ("Shared/Wire/A.swift", "@preconcurrency import CWire", nil),
    (
      "Services/Intake/Core/Domain/A.swift", "import Wire", "a domain file imports DomainModel only"
    ),
    ("Services/Intake/Core/Domain/A.swift", "import DomainModel", nil),
    (
      "Services/CertificateRegistry/Core/Domain/A.swift", "import PermitProof",
      "a domain file imports DomainModel only"
    ),
    ("Services/CertificateRegistry/Core/Storage/A.swift", "import PermitProof", nil),
    ("Services/Intake/Core/Handlers/A.swift", "import PermitProof", "imports PermitProof; only"),
    ("Shared/PermitProof/A.swift", "import Storage", "which does not stand below PermitProof"),
    ("Tools/Anju/A.swift", "import PermitProof", nil),
    ("Services/Intake/Core/Storage/A.swift", "import Wire", "a store speaks the domain's words"),
    ("Services/Intake/Core/Handlers/A.swift", "import Wire", nil),
    ("Services/Intake/Core/Handlers/A.swift", "import ApprovalCore", "services know one another"),
    ("Services/Intake/Core/A.swift", "import StorageSQLite", "imports StorageSQLite; only"),
    ("Services/Intake/Core/A.swift", "import struct NIOCore.ByteBuffer", "imports NIOCore; only"),
    ("Services/Intake/Core/A.swift", "import Foundation", "imports Foundation; only"),
    ("Services/Intake/Core/A.swift", "import ServiceKit", "imports ServiceKit; only Server"),
    ("Services/Intake/Server/A.swift", "import StorageSQLite", "imports StorageSQLite; only"),
    ("Shared/ServiceKit/A.swift", "import IntakeCore", "only its own service and tests may"),
    ("Tests/IntakeTests/A.swift", "import IntakeCore", nil),
    ("Tools/AnjuLoad/A.swift", "import IntakeCore", "only its own service and tests may"),
    ("Tools/AnjuLoad/A.swift", "import ServiceKit", "imports ServiceKit; only Server"),
    ("Tools/AnjuLoad/Populate/A.swift", "import IntakeCore", nil),
    ("Tools/AnjuLoad/Populate/A.swift", "import ServiceKit", nil),
    ("Shared/RPC/A.swift", "// import CNghttp2", nil),
  ]

  @Test(arguments: imports)
  func `an import that points up is refused`(path: String, code: String, told: String?) {
    expect(ImportRules.findings(SourceFile(path: path, text: code)), told)
  }

  /// Path, line of code, whether it is refused.
  static let calls: [(String, String, Bool)] = [
    ("Services/Intake/Core/A.swift", "    Task { await x() }", true),
    ("Services/Intake/Core/A.swift", "    group.addTask { await x() }", false),
    ("Services/Intake/Core/A.swift", "    try await Task.sleep(for: .seconds(1))", true),
    ("Shared/ServiceKit/SystemClock.swift", "    try await Task.sleep(for: .seconds(1))", false),
    ("Shared/ServiceKit/Other.swift", "    try await Task.sleep(for: .seconds(1))", true),
    ("Shared/RPC/A.swift", "    let clock = ContinuousClock()", true),
    ("Shared/RPC/A.swift", "    let now = Date()", true),
    ("Shared/RPC/A.swift", "    let now = CivilDate()", false),
    ("Shared/RPC/A.swift", "    let id = UUID()", true),
    ("Tools/Anju/A.swift", "    let id = UUID()", false),
    ("Shared/RPC/A.swift", "    DispatchQueue.main.async {", true),
    ("Shared/RPC/A.swift", "    let n = Int.random(in: 0..<3)", true),
    ("Shared/RPC/A.swift", "    var g = SystemRandomNumberGenerator()", true),
    ("Shared/Crypto/A.swift", "    var g = SystemRandomNumberGenerator()", false),
    ("Shared/RPC/A.swift", "    print(x)", true),
    ("Shared/RPC/A.swift", "    imprint(x)", false),
    ("Shared/RPC/A.swift", "    // print(x) would be wrong", false),
    ("Shared/RPC/A.swift", "    log(\"print(x)\")", false),
    ("Shared/RPC/A.swift", "    let x = try! y()", true),
    ("Shared/RPC/A.swift", "final class A: @unchecked Sendable {", true),
    ("Services/Intake/Core/A.swift", "  nonisolated(unsafe) var x = 1", true),
    ("Shared/StorageEngine/A.swift", "    let t = Thread(block: x)", false),
  ]

  @Test(arguments: calls)
  func `a call past what is handed in is refused`(path: String, code: String, isRefused: Bool) {
    let findings = CallRules.findings(SourceFile(path: path, text: code))
    #expect(findings.isEmpty == !isRefused, "\(findings)")
  }

  @Test func `comments and literals are no code`() {
    let text = """
      let a = "x // y" + "\\"import Z" // print(1)
      /* print(2)
      print(3) */ let b = 1
      let c = \"\"\"
        print(4)
        \"\"\"
      @Test func `prints print(5)`() {}
      """
    let code = SourceFile(path: "A.swift", text: text).code
    #expect(
      code == [
        "let a = \"\" + \"\" ", "", " let b = 1", "let c = ", "", "", "@Test func `x`() {}",
      ])
  }

  private func function(lines: Int) -> String {
    "  func a() {\n" + String(repeating: "    b()\n", count: lines - 2) + "  }\n"
  }

  @Test func `what is too long is refused`() {
    func told(_ path: String, _ text: String, _ expected: String?) {
      expect(SizeRules.findings(SourceFile(path: path, text: text)), expected)
    }
    told("Shared/A.swift", self.function(lines: 70), nil)
    told("Shared/A.swift", self.function(lines: 71), "a has 71 lines; at most 70")
    told("Shared/A.swift", "  init(a: Int) {\n" + String(repeating: "\n", count: 80) + "}", "init")
    let table = String(repeating: "    case .a: 1\n", count: 90)
    told("Shared/A.swift", "  func a() {\n    switch x {\n\(table)    }\n  }", nil)
    told("Shared/A.swift", String(repeating: "a\n", count: 400), nil)
    told("Shared/A.swift", String(repeating: "a\n", count: 401), "has 401 lines; at most 400")
    told("Tests/A.swift", String(repeating: "a\n", count: 600), nil)
    told("Tests/A.swift", String(repeating: "a\n", count: 601), "at most 600")
    told("Services/Intake/Server/IntakeServer.swift", String(repeating: "a\n", count: 80), nil)
    told(
      "Services/Intake/Server/IntakeServer.swift", String(repeating: "a\n", count: 81),
      "at most 80")
    told("Shared/A.swift", String(repeating: "a", count: 100), nil)
    told("Shared/A.swift", String(repeating: "a", count: 101), "has 101 columns; at most 100")
    told("Shared/A.swift", "// \"" + String(repeating: "a", count: 98), "has 102 columns")
    told("Shared/A.swift", "let a = \"" + String(repeating: "a", count: 100) + "\"", nil)
  }

  @Test func `machines and promises are refused`() {
    func told(_ line: String, _ expected: String?) {
      expect(TextRules.findings(SourceFile(path: "README.md", text: line)), expected)
    }
    let mark = "TO" + "DO"
    told("\(mark): later", "without an issue's number")
    told("// \(mark)(#12): later", nil)
    told("cd /ho" + "me/me", "names a place on somebody's machine")
    told("cd /usr/lib", nil)
  }

  @Test func `an RPC without handler or tests is refused`() {
    let proto = SourceFile(
      path: "proto/a.proto",
      text: """
        package anju.intake.v1;
        service IntakeService {
          rpc GetApplication(GetApplicationRequest) returns (GetApplicationResponse);
        }
        """)
    let all = ShapeRules.findings(proto: proto) { _ in false }
    #expect(all.count == 2)
    #expect(all.first?.line == 3)
    let none = ShapeRules.findings(proto: proto) {
      [
        "Services/Intake/Core/Handlers/GetApplication.swift",
        "Tests/IntakeTests/GetApplicationTests.swift",
      ].contains($0)
    }
    #expect(none.isEmpty)
  }

  @Test func `a module without its paragraph is refused`() {
    let readme = "**`RPC`** is the call layer."
    expect(ShapeRules.findings(modules: ["RPC"], readme: readme), nil)
    expect(ShapeRules.findings(modules: ["Wire"], readme: readme), "no paragraph")
  }

  @Test func `a type named like a module is refused`() {
    let file = SourceFile(path: "Shared/RPC/A.swift", text: "public struct Storage<A> {")
    expect(ShapeRules.findings(typesOf: file, modules: ["Storage"]), "is a module's name")
    expect(ShapeRules.findings(typesOf: file, modules: ["Store"]), nil)
  }

  /// A file, a line of it, and whether a word is not the glossary's.
  static let words: [(String, String, Bool)] = [
    ("proto/anju/a.proto", "  rpc RenewPermit(A) returns (B);", true),
    ("proto/anju/a.proto", "  rpc EndorsePermit(A) returns (B);", false),
    ("proto/anju/a.proto", "  CASE_STATE_REJECTED = 4;", true),
    ("proto/anju/a.proto", "  CASE_STATE_REFUSED = 4;", false),
    ("proto/anju/a.proto", "  // rejected, as others say", false),
    ("Services/Intake/Core/Domain/A.swift", "  case permitRevoked", true),
    ("Services/Intake/Core/Domain/A.swift", "  case issueRefused", false),
    ("Services/Intake/Core/Handlers/A.swift", "  case permitRevoked", false),
  ]

  @Test(arguments: words)
  func `a word that the glossary does not use is refused`(
    path: String, line: String, isRefused: Bool
  ) {
    let findings = GlossaryRules.findings(SourceFile(path: path, text: line))
    #expect(findings.isEmpty == !isRefused, "\(findings)")
  }

  @Test func `a link to nowhere and an unknown command are refused`() {
    let text = "[a](../proto/README.md#x) [b](https://x.y) and `./dev fly` and `./dev test`"
    let file = SourceFile(path: "Services/README.md", text: text)
    expect(DocumentRules.deadLinks(file) { _ in false }, "links to proto/README.md")
    expect(DocumentRules.deadLinks(file) { $0 == "proto/README.md" }, nil)
    expect(DocumentRules.unknownCommands(file, known: ["test"]), "./dev fly")
  }
}

/// Expects one finding that says `told`, or none.
private func expect(
  _ findings: [Finding], _ told: String?, _ location: SourceLocation = #_sourceLocation
) {
  guard let told else {
    #expect(findings.isEmpty, "\(findings)", sourceLocation: location)
    return
  }
  let isTold = findings.contains { $0.text.contains(told) }
  #expect(isTold, "not told: \(told); told: \(findings)", sourceLocation: location)
}
