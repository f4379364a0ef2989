import DomainModel
import Foundation
import RPC
import Testing

/// Status details beside the bytes that Python's google.rpc stubs write
/// (`Tests/Contract/test_wire.py`).
@Suite struct StatusGoldenTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let error: ServiceError
    var testDescription: String { self.name }
  }

  static let all = [
    Golden(
      name: "form_defective",
      error: ServiceError(
        .formDefective,
        violations: [
          ServiceError.Violation(
            field: "form.applicant.name", reason: "NAME_EMPTY", english: "The name is empty.",
            chinese: "姓名为空。"),
          ServiceError.Violation(
            field: "form.phone", reason: "PHONE_WRONG", english: "100% wrong.",
            chinese: "手机号码有误。"),
        ])),
    Golden(name: "overloaded", error: ServiceError(.overloaded, retryDelayMs: 1_500)),
    Golden(
      name: "wrong_state",
      error: ServiceError(.caseWrongState, metadata: ["current_state": "decided"])),
    Golden(
      name: "unpublished",
      error: ServiceError(
        code: .aborted, reason: "NOT_IN_THE_CATALOGUE", message: "Something else.")),
  ]

  @Test(arguments: Self.all)
  func `details are written as Python writes them`(_ golden: Golden) throws {
    #expect(StatusWire(golden.error).details == (try Self.bytes(golden.name)))
  }

  @Test(arguments: Self.all)
  func `details that Python wrote are read`(_ golden: Golden) throws {
    let status = StatusWire(
      code: golden.error.code.rawValue, encodedMessage: StatusWire(golden.error).encodedMessage,
      details: try Self.bytes(golden.name))
    #expect(ServiceError(status: status) == golden.error)
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: folder.appending(path: "Contract/status/\(name).bin")))
  }
}
