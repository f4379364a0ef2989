import ArgumentParser
import Foundation
import ToolKit
import Wire

/// Walks the four steps with a form from a file: commitment, form, materials, submission.
struct Submit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Submit an application from a JSON form.")

  @Argument(help: "The form's file; material files are found beside it.")
  var file: String

  @Flag(help: "Submit although a rule of eligibility failed.")
  var acknowledgeFindings = false

  @OptionGroup var addresses: Addresses

  func run() async throws {
    let form = try FormFile.read(self.file)
    let folder = URL(fileURLWithPath: self.file).deletingLastPathComponent()
    let uploads = try form.materials.map { try Upload($0, in: folder) }
    let wire = try form.form()
    try await self.addresses.withServices { services in
      let steps = DraftSteps(services: services, caller: .app)
      var application = try await steps.create()
      application = try await steps.commit(application, notice: form.noticeVersion)
      application = try await steps.write(wire, to: application)
      for upload in uploads { try await steps.upload(upload, to: application) }
      let answer = try await steps.submit(
        application, acknowledging: self.acknowledgeFindings)
      try self.report(answer, applicationID: application.applicationID)
    }
  }

  private func report(
    _ answer: IntakeV1.SubmitApplicationResponse, applicationID: String
  ) throws {
    let view = SubmissionView(answer, applicationID: applicationID)
    try Output(json: self.addresses.json).show(view, view.sentence)
    if !answer.submitted { throw ExitCode(2) }
  }
}

/// What came of a submission.
struct SubmissionView: Encodable {
  struct Failed: Encodable {
    let rule: String
    let article: String
    let sentence: String
    let metOn: String
  }

  let submitted: Bool
  let applicationId: String
  let applicationNumber: String
  let office: String
  let acceptanceDueOn: String
  let failed: [Failed]

  init(_ answer: IntakeV1.SubmitApplicationResponse, applicationID: String) {
    self.submitted = answer.submitted
    self.applicationId = applicationID
    self.applicationNumber = answer.receipt?.applicationNumber ?? ""
    self.office = answer.receipt?.officeName ?? ""
    self.acceptanceDueOn = answer.receipt?.acceptanceDue?.dueOn ?? ""
    self.failed = answer.findings.filter { !$0.passed }.map {
      Failed(rule: $0.rule, article: $0.article, sentence: $0.chinese, metOn: $0.metOn)
    }
  }

  var sentence: String {
    var lines: [String] = []
    if self.submitted {
      lines.append("收件 \(self.applicationNumber) by \(self.office)")
      lines.append("  application \(self.applicationId)")
      lines.append("  accepted or told what is missing by \(self.acceptanceDueOn)")
    } else {
      lines.append("Not submitted: application \(self.applicationId) does not meet these rules.")
      lines.append("Submit it all the same with --acknowledge-findings; an officer decides.")
    }
    lines += self.failed.map { finding in
      let when = finding.metOn.isEmpty ? "" : " (from \(finding.metOn))"
      return "  \(finding.rule) [\(finding.article)] \(finding.sentence)\(when)"
    }
    return lines.joined(separator: "\n")
  }
}
