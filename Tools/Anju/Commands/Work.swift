import ArgumentParser
import RPC
import ToolKit
import Wire

/// Shows an office's work, earliest due time first.
struct Work: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the work of an office, as one of its officers.")

  @Flag(help: "Only what the officer holds, or was given by name.")
  var mine = false

  @Flag(help: "Only what nobody holds.")
  var unclaimed = false

  @Flag(help: "Only what is in the green channel (绿色通道).")
  var green = false

  @Flag(help: "Only what is past its due time.")
  var overdue = false

  @OptionGroup var officer: OfficerOptions
  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let filter = ApprovalV1.WorkFilter(
        unclaimed: self.unclaimed, mine: self.mine, green: self.green, overdue: self.overdue)
      let request = ApprovalV1.ListWorkRequest(
        stage: self.officer.role.stage, page: ModelV1.Page(size: Services.pageRows),
        filter: filter)
      let answer = try await services.approval.listWork(
        request, options: services.options(as: self.officer.identity))
      for item in answer.items {
        let view = WorkView(item)
        try Output(json: self.addresses.json).show(view, view.sentence)
      }
    }
  }
}

/// One line of work.
struct WorkView: Encodable {
  let caseId: String
  let applicationNumber: String
  let state: String
  let version: Int64
  let dueAtMs: Int64
  let overdue: Bool
  let heldBy: String
  let assignedTo: String
  let green: String

  init(_ item: ApprovalV1.WorkItem) {
    self.caseId = item.caseID
    self.applicationNumber = item.applicationNumber
    self.state = word(item.state)
    self.version = item.version
    self.dueAtMs = item.dueAtMs
    self.overdue = item.overdue
    self.heldBy = item.desk?.heldBy ?? ""
    self.assignedTo = item.desk?.assignedTo ?? ""
    self.green = item.desk?.greenReason ?? ""
  }

  var sentence: String {
    let due = self.overdue ? "OVERDUE since" : "due"
    let notes = [
      self.heldBy.isEmpty ? "" : "  held by \(self.heldBy)",
      self.assignedTo.isEmpty ? "" : "  given to \(self.assignedTo)",
      self.green.isEmpty ? "" : "  green: \(self.green)",
    ].joined()
    return "\(self.caseId)  \(self.applicationNumber)  \(self.state)  \(due) "
      + local(self.dueAtMs) + notes
  }
}

/// Signs one opinion.
struct Opinion: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sign an opinion on a case, as an officer (受理 accept, 审核 review, 审批 approve).")

  @Argument(help: "The case's id.")
  var caseID: String

  @Option(help: "The decision: pass, supplement or refuse.")
  var decision: DecisionName

  @Option(help: "A reason, as CODE=text; repeat it for each.")
  var reason: [String] = []

  @Option(help: "A note for the file.")
  var text = ""

  @OptionGroup var officer: OfficerOptions
  @OptionGroup var addresses: Addresses

  func run() async throws {
    let reasons = try self.reason.map { reason in
      let parts = reason.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ValidationError("--reason \(reason) is not of the form CODE=text.")
      }
      return ModelV1.Reason(code: parts[0], text: parts[1])
    }
    try await self.addresses.withServices { services in
      let signed = try await services.sign(
        caseID: self.caseID, self.officer.role.stage, self.decision.decision, reasons,
        text: self.text, as: self.officer.identity)
      let view = CaseView(signed)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }
}

/// A case as the command line shows it, no personal data.
struct CaseView: Encodable {
  let caseId: String
  let applicationId: String
  let state: String
  let version: Int64
  let promiseDueOn: String
  let statuteDueOn: String

  init(_ wire: ApprovalV1.Case) {
    self.caseId = wire.caseID
    self.applicationId = wire.applicationID
    self.state = word(wire.state)
    self.version = wire.version
    self.promiseDueOn = wire.clocks?.promiseDue?.dueOn ?? ""
    self.statuteDueOn = wire.clocks?.statuteDue?.dueOn ?? ""
  }

  var sentence: String {
    let due = self.promiseDueOn.isEmpty ? "" : "; promised by \(self.promiseDueOn)"
    return "\(self.caseId)  \(self.state)\(due)"
  }
}
