import DomainModel
import Glibc
import Testing

/// `proto/ERRORS.md` is printed from the catalogues in `Shared/DomainModel`.
/// `ANJU_UPDATE_ERRORS=1 swift test --filter ErrorCatalogueTests` prints it anew.
struct ErrorCatalogueTests {
  private static let path = "proto/ERRORS.md"

  @Test func `the published catalogue of errors is the one in the code`() throws {
    let text = Self.render()
    if getenv("ANJU_UPDATE_ERRORS") != nil {
      #expect(Repository.write(Array(text.utf8), to: Self.path))
    }
    let published = Repository.bytes(Self.path).map { String(decoding: $0, as: UTF8.self) }
    #expect(
      published == text,
      "out of date; ANJU_UPDATE_ERRORS=1 swift test --filter ErrorCatalogueTests prints it anew")
  }

  @Test func `no code stands twice`() {
    let codes =
      ErrorReason.allCases.map(\.rawValue) + DefectReason.allCases.map(\.rawValue)
      + EligibilityRule.allCases.map(\.rawValue) + OfficerReason.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
  }

  private static func render() -> String {
    var lines = [
      "# Errors", "",
      "Printed from `ErrorReason`, `DefectReason`, `EligibilityRule` and `OfficerReason` in",
      "`Shared/DomainModel`; do not edit.",
      "A code is never reused and never changes its status. New ones may come: treat one you do not",
      "know by its status.", "",
      "## Why a call failed: `google.rpc.ErrorInfo.reason`", "",
      "| code | gRPC status | may be retried | sentence | 说明 |", "|---|---|---|---|---|",
    ]
    lines += ErrorReason.allCases.map {
      let retry = $0.mayBeRetried ? "yes" : "no"
      return "| `\($0.rawValue)` | \($0.code.name) | \(retry) | \($0.english) | \($0.chinese) |"
    }
    lines += [
      "", "## What is wrong with a field: `google.rpc.BadRequest.FieldViolation.reason`", "",
      "| code | sentence | 说明 |", "|---|---|---|",
    ]
    lines += DefectReason.allCases.map { "| `\($0.rawValue)` | \($0.english) | \($0.chinese) |" }
    lines += [
      "", "## Why an application is supplemented or refused: `anju.model.v1.Reason.code`", "",
      "The rule of a failed finding, or a code of the officers' catalogue. After a refused issue also",
      "the code with which the registry refused.", "",
      "| code | sentence | 说明 |", "|---|---|---|",
    ]
    lines += EligibilityRule.allCases.map {
      "| `\($0.rawValue)` | \($0.english(passed: false)) | \($0.chinese(passed: false)) |"
    }
    lines += OfficerReason.allCases.map { "| `\($0.rawValue)` | \($0.english) | \($0.chinese) |" }
    return lines.joined(separator: "\n") + "\n"
  }
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
