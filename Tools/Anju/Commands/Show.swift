import ArgumentParser
import RPC
import ToolKit
import Wire

/// Shows one application.
struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show one application.")

  @Argument(help: "The application's id, or its number (申请编号).")
  var application: String

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let found = try await services.application(self.application)
      let view = ApplicationView(found)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }
}

/// Follows one application until it has ended.
struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow one application until it has ended.")

  @Argument(help: "The application's id, or its number (申请编号).")
  var application: String

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let found = try await services.application(self.application)
      let request = IntakeV1.WatchApplicationRequest(applicationID: found.applicationID)
      var options = try services.options(as: .auditor)
      options.timeoutMs = nil
      try await services.intake.watchApplication(request, options: options) { answers in
        for try await answer in answers {
          guard let application = answer.application else { continue }
          let view = ApplicationView(application)
          try Output(json: self.addresses.json).show(view, view.sentence)
        }
      }
    }
  }
}

/// Lists applications, a line each.
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List applications, a line each.")

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      for summary in try await services.everyApplication() {
        let view = SummaryView(summary)
        try Output(json: self.addresses.json).show(
          view, "\(view.applicationId)  \(view.applicationNumber)  \(view.state)")
      }
    }
  }
}

/// One line of a list of applications.
struct SummaryView: Encodable {
  let applicationId: String
  let applicationNumber: String
  let state: String
  let changedAtMs: Int64

  init(_ summary: IntakeV1.ApplicationSummary) {
    self.applicationId = summary.applicationID
    self.applicationNumber = summary.applicationNumber
    self.state = word(summary.state)
    self.changedAtMs = summary.changedAtMs
  }
}

/// An application as the command line shows it: where it stands, no personal data.
struct ApplicationView: Encodable {
  let applicationId: String
  let applicationNumber: String
  let state: String
  let version: Int64
  let changedAtMs: Int64
  let office: String
  let acceptanceDueOn: String
  let promiseDueOn: String
  let statuteDueOn: String
  let reasons: [String]
  let certificateIdentifier: String
  let validToOn: String

  init(_ application: IntakeV1.Application) {
    self.applicationId = application.applicationID
    self.applicationNumber = application.receipt?.applicationNumber ?? ""
    self.state = word(application.state)
    self.version = application.version
    self.changedAtMs = application.changedAtMs
    self.office = application.receipt?.officeName ?? ""
    self.acceptanceDueOn = application.receipt?.acceptanceDue?.dueOn ?? ""
    self.promiseDueOn = application.acceptance?.promiseDue?.dueOn ?? ""
    self.statuteDueOn = application.acceptance?.statuteDue?.dueOn ?? ""
    let reasons = application.refusal?.reasons ?? application.notices.last?.reasons ?? []
    self.reasons = reasons.map { "\($0.code): \($0.text)" }
    self.certificateIdentifier = application.completion?.certificateIdentifier ?? ""
    self.validToOn = application.completion?.validToOn ?? ""
  }

  var sentence: String {
    var parts = ["\(local(self.changedAtMs))  \(self.applicationId)  \(self.state)"]
    if !self.office.isEmpty { parts.append("at \(self.office)") }
    if !self.promiseDueOn.isEmpty {
      parts.append("promised by \(self.promiseDueOn), due by law \(self.statuteDueOn)")
    } else if !self.acceptanceDueOn.isEmpty {
      parts.append("acceptance due \(self.acceptanceDueOn)")
    }
    if !self.certificateIdentifier.isEmpty {
      parts.append("permit \(self.certificateIdentifier), valid to \(self.validToOn)")
    }
    return ([parts.joined(separator: "; ")] + self.reasons.map { "  \($0)" })
      .joined(separator: "\n")
  }
}
