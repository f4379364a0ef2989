import DomainModel
import Foundation
import Wire

/// A case as it was opened, and the file of them: a line each, the case's id and the application's.
struct OpenedCase: Sendable {
  static let station = "330106500000"
  private static let bureau = "330106000000"

  let caseID: String
  let applicationID: String

  /// A first permit's application, submitted now, with all that an officer sees of one.
  static func request(_ number: Int, at now: Timestamp) -> ApprovalV1.OpenCaseRequest {
    let application = "bench-application-\(number)"
    let kinds: [ModelV1.MaterialKind] = [.idCard, .photo, .evidence]
    let rules = ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED", "CONDITION_NOT_MET"]
    return ApprovalV1.OpenCaseRequest(
      idempotencyKey: "\(application)-open", applicationID: application,
      applicationNumber: "ZJBENCH\(number)", kind: .firstPermit, channel: .app,
      policyVersion: "zhejiang-1", officeCode: self.station, submittedAtMs: now.milliseconds,
      form: self.form(number),
      materials: kinds.map { kind in
        ModelV1.Material(
          materialID: "\(application)-\(kind.rawValue)", kind: kind, mediaType: "image/jpeg",
          sizeBytes: 200_000, sha256: [UInt8](repeating: UInt8(number & 0xFF), count: 32))
      },
      findings: rules.map { ModelV1.Finding(rule: $0, passed: true) }, bureauCode: self.bureau)
  }

  private static func form(_ number: Int) -> ModelV1.ApplicationForm {
    ModelV1.ApplicationForm(
      applicant: ModelV1.Identity(
        citizenID: "11010519491231002X", name: "王某\(number % 100)", sex: .female,
        ethnicityCode: "01",
        householdAddress: ModelV1.Address(
          divisionCode: "341224", street: "城关镇", detail: "人民路8号")),
      residence: ModelV1.Address(
        divisionCode: "330106", street: "北山街道", detail: "保俶路\(number % 300)号2幢301室"),
      phone: "13800138000",
      claims: [ModelV1.ConditionClaim(condition: .employment, evidence: [.labourContract])],
      workplace: "杭州某某科技有限公司")
  }
}

extension OpenedCase {
  /// Its line in the file.
  var line: String { "\(self.caseID) \(self.applicationID)" }

  /// So many of the file, from one on.
  static func read(_ path: String, from first: Int, count: Int) throws -> [OpenedCase] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    let cases = text.split(separator: "\n").dropFirst(first).prefix(count).compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      return words.count == 2 ? OpenedCase(caseID: words[0], applicationID: words[1]) : nil
    }
    guard cases.count == count else { throw Usage() }
    return cases
  }
}
