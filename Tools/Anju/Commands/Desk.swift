import ArgumentParser
import RPC
import ToolKit
import Wire

/// Takes a case.
struct Claim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Claim a case, as an officer: nobody else signs it meanwhile.")

  @Argument(help: "The case's id.")
  var caseID: String

  @OptionGroup var officer: OfficerOptions
  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let options = try services.options(as: self.officer.identity)
      let answer = try await services.approval.claimCase(
        ApprovalV1.ClaimCaseRequest(
          idempotencyKey: freshKey("claim"), caseID: self.caseID,
          expectedVersion: try await services.version(of: self.caseID, options)),
        options: options)
      let view = ClaimView(
        caseId: self.caseID, claimNumber: answer.claimNumber, heldUntilMs: answer.heldUntilMs)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }
}

/// A claim as the command line shows it.
struct ClaimView: Encodable {
  let caseId: String
  let claimNumber: Int64
  let heldUntilMs: Int64

  var sentence: String {
    "\(self.caseId)  claim \(self.claimNumber)  held until \(local(self.heldUntilMs))"
  }
}

/// Gives a case back.
struct Release: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a claimed case back to the office's work.")

  @Argument(help: "The case's id.")
  var caseID: String

  @Option(help: "The claim's number.")
  var claim: Int64

  @OptionGroup var officer: OfficerOptions
  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let request = ApprovalV1.ReleaseCaseRequest(
        idempotencyKey: freshKey("release"), caseID: self.caseID, claimNumber: self.claim)
      _ = try await services.approval.releaseCase(
        request, options: services.options(as: self.officer.identity))
    }
  }
}

/// Gives a case to an officer.
struct Assign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a case to an officer by name, as the head of an office.")

  @Argument(help: "The case's id.")
  var caseID: String

  @Option(help: "The officer's id; without one it is given back to all of the office.")
  var to = ""

  @OptionGroup var head: HeadOptions
  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let options = try services.options(as: self.head.identity)
      _ = try await services.approval.reassignCase(
        ApprovalV1.ReassignCaseRequest(
          idempotencyKey: freshKey("assign"), caseID: self.caseID,
          expectedVersion: try await services.version(of: self.caseID, options),
          officerID: self.to),
        options: options)
    }
  }
}

/// Takes a case into the green channel.
struct Expedite: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a case into the green channel (绿色通道).")

  @Argument(help: "The case's id.")
  var caseID: String

  @Option(help: "A word of the policy's green_channel_reasons.")
  var reason: String

  @OptionGroup var officer: OfficerOptions
  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let options = try services.options(as: self.officer.identity)
      let answer = try await services.approval.expediteCase(
        ApprovalV1.ExpediteCaseRequest(
          idempotencyKey: freshKey("expedite"), caseID: self.caseID,
          expectedVersion: try await services.version(of: self.caseID, options),
          reason: self.reason),
        options: options)
      let view = ExpeditionView(caseId: self.caseID, greenDueAtMs: answer.greenDueAtMs)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }
}

/// A green case as the command line shows it.
struct ExpeditionView: Encodable {
  let caseId: String
  let greenDueAtMs: Int64

  var sentence: String { "\(self.caseId)  to be decided by \(local(self.greenDueAtMs))" }
}

extension Services {
  /// The version of a case, as it stands.
  fileprivate func version(of caseID: String, _ options: CallOptions) async throws -> Int64 {
    let answer = try await self.approval.getCase(
      ApprovalV1.GetCaseRequest(key: .caseID(caseID)), options: options)
    return answer.`case`?.version ?? 0
  }
}
