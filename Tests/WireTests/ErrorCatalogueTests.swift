import DomainModel
import Glibc
import Testing

/// `proto/ERRORS.md` is printed from the catalogues in the code.
/// `ANJU_UPDATE_ERRORS=1 swift test --filter ErrorCatalogueTests` prints it anew.
struct ErrorCatalogueTests {
  @Test func `the published catalogue of errors is the one in the code`() {
    let printed = Self.render()
    if getenv("ANJU_UPDATE_ERRORS") != nil { #expect(Self.write(printed)) }
    let published = Self.lines()
    let missing = printed.filter { !published.contains($0) }
    let extra = published.filter { !printed.contains($0) }
    let hint: Comment =
      "ANJU_UPDATE_ERRORS=1 swift test --filter ErrorCatalogueTests prints it anew"
    #expect(missing.isEmpty, hint)
    #expect(extra.isEmpty, hint)
    #expect(printed.elementsEqual(published), hint)
  }

  @Test func `no code stands twice`() {
    let codes =
      ErrorReason.allCases.map(\.rawValue) + DefectReason.allCases.map(\.rawValue)
      + EligibilityRule.allCases.map(\.rawValue) + OfficerReason.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
  }

  private static let path = "proto/ERRORS.md"

  private static func lines() -> [String] {
    let bytes = Repository.bytes(Self.path) ?? []
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  private static func write(_ lines: [String]) -> Bool {
    Repository.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: Self.path)
  }

  private static func render() -> [String] {
    self.head + self.errors + self.defects + self.rules + self.officers
  }

  private static let head = [
    "# Errors", "",
    "Printed from `ErrorReason`, `DefectReason`, `EligibilityRule` and `OfficerReason` in",
    "`Shared/DomainModel`; do not edit. A code is never reused and never changes its status. New",
    "ones may come: treat one you do not know by its status.", "",
  ]

  private static let errors =
    [
      "## Why a call failed: `google.rpc.ErrorInfo.reason`", "",
      "| code | gRPC status | may be retried | sentence | 说明 |", "|---|---|---|---|---|",
    ]
    + ErrorReason.allCases.map {
      let retry = $0.mayBeRetried ? "yes" : "no"
      return "| `\($0.rawValue)` | \($0.code.name) | \(retry) | \($0.english) | \($0.chinese) |"
    }

  private static let defects =
    [
      "", "## What is wrong with a field: `google.rpc.BadRequest.FieldViolation.reason`", "",
      "| code | sentence | 说明 |", "|---|---|---|",
    ] + DefectReason.allCases.map { "| `\($0.rawValue)` | \($0.english) | \($0.chinese) |" }

  private static let rules =
    [
      "", "## Which rule is not met: `anju.model.v1.Finding.rule`", "",
      "A failed rule blocks nothing: it goes with the case, and only an officer refuses.", "",
      "| code | article | sentence where it is not met | 说明 |", "|---|---|---|---|",
    ]
    + EligibilityRule.allCases.map {
      let sentences = "\($0.english(passed: false)) | \($0.chinese(passed: false))"
      return "| `\($0.rawValue)` | \($0.article) | \(sentences) |"
    }

  private static let officers =
    [
      "", "## Why an officer refused or asked for more: `anju.model.v1.Reason.code`", "",
      "One of these, or the rule of a failed finding. After a refused issue also the code with which",
      "the registry refused.", "",
      "| code | sentence | 说明 |", "|---|---|---|",
    ] + OfficerReason.allCases.map { "| `\($0.rawValue)` | \($0.english) | \($0.chinese) |" }
}

extension ServiceError.Code {
  /// The status as gRPC writes it: `INVALID_ARGUMENT`.
  fileprivate var name: String {
    "\(self)".reduce(into: "") { name, character in
      if character.isUppercase { name += "_" }
      name += character.uppercased()
    }
  }
}
