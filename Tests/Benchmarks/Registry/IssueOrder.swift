import Measuring
import People
import Wire

/// Orders to issue permits of one day, each to another person: one number, one person.
struct IssueOrder: Sendable {
  static let division = "330106"
  private static let bureau = "330106000000"

  /// 签发日期
  let day: String

  func request(_ number: Int, _ random: inout SplitMix) -> RegistryV1.IssuePermitRequest {
    let person = Person(number: number)
    return RegistryV1.IssuePermitRequest(
      idempotencyKey: "bench-issue-\(number)-\(self.day)", applicationID: "bench-\(number)",
      caseID: "bench-case-\(number)", holder: person.identity,
      residence: ModelV1.Address(
        divisionCode: Self.division, street: "北山街道", detail: "保俶路\(number % 300)号2幢301室"),
      phone: person.phone,
      photoSha256: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) },
      bureauCode: Self.bureau, issuedOn: self.day, actor: "officer:approver-1",
      actorOffice: Self.bureau, policyVersion: "zhejiang-1")
  }
}
