import ArgumentParser
import DomainModel
import Foundation
import RPC
import ToolKit
import Wire

/// Plays everybody who takes part in one application.
struct Walker {
  static let bureau = "330106000000"

  let services: Services
  let person: WalkPerson
  let output: WalkOutput

  /// Registration a year ago, then the four steps of the form.
  func apply() async throws -> IntakeV1.Application {
    try await self.register()
    let steps = DraftSteps(services: self.services, caller: .app)
    var application = try await self.intake(IntakeV1.IntakeServiceMethods.createDraft) {
      try await steps.create()
    }
    application = try await self.intake(IntakeV1.IntakeServiceMethods.updateDraft) {
      try await steps.commit(application, notice: "zhejiang-2022-1")
    }
    application = try await self.intake(IntakeV1.IntakeServiceMethods.updateDraft) {
      try await steps.write(self.person.form, to: application)
    }
    try await self.upload(steps, to: application)
    let answer = try await self.output.step(
      "浙里办 app", IntakeV1.IntakeServiceMethods.submitApplication,
      { "收件 \($0.receipt?.applicationNumber ?? "-") at \($0.receipt?.officeName ?? "-")" },
      { try await steps.submit(application, acknowledging: false) })
    guard answer.submitted else {
      let rules = answer.findings.filter { !$0.passed }.map(\.rule).joined(separator: ", ")
      throw ValidationError("The application was not submitted: \(rules).")
    }
    return try await self.services.application(application.applicationID)
  }

  private func intake(
    _ method: RPC.Method, _ body: () async throws -> IntakeV1.Application
  ) async throws -> IntakeV1.Application {
    try await self.output.step(
      "浙里办 app", method, { "\($0.applicationID) is \(word($0.state)), version \($0.version)" },
      body)
  }

  private func register() async throws {
    let declaredOn = CivilDate(of: .present).adding(days: -400).iso
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: freshKey("register"), person: self.person.identity,
      address: self.person.residence, declaredOn: declaredOn, officeCode: "330106500000")
    _ = try await self.output.step(
      "派出所", RegistryV1.CertificateRegistryServiceMethods.recordRegistration,
      { _ in "居住登记 since \(declaredOn)" },
      {
        try await self.services.registry.recordRegistration(
          request, options: self.services.options(as: .registrationSystem))
      })
  }

  private func upload(_ steps: DraftSteps, to application: IntakeV1.Application) async throws {
    let picture = SamplePicture.png
    let uploads = [
      Upload(kind: .idCard, evidence: .unspecified, bytes: picture),
      Upload(kind: .photo, evidence: .unspecified, bytes: picture),
      Upload(kind: .evidence, evidence: .labourContract, bytes: picture),
    ]
    for upload in uploads {
      let what = upload.kind == .evidence ? word(upload.evidence) : word(upload.kind)
      try await self.output.step(
        "浙里办 app", IntakeV1.IntakeServiceMethods.uploadMaterial,
        { "\(what) stored, \(upload.bytes.count) bytes" },
        { try await steps.upload(upload, to: application) })
    }
  }

  /// 受理, 审核, 审批 by three officers, each finding the case in the work of the own office.
  func decide(_ application: IntakeV1.Application) async throws {
    let station = application.receipt?.officeCode ?? ""
    let officers: [(title: String, stage: StageName, office: String)] = [
      ("受理人", .accept, station), ("审核人", .review, station), ("审批人", .approve, Self.bureau),
    ]
    for (number, officer) in officers.enumerated() {
      let identity = Caller.officer(
        "police\(number + 1)", office: officer.office, role: officer.stage.rawValue)
      let caseID = try await self.findWork(application, officer.stage, as: identity)
      _ = try await self.output.step(
        officer.title, ApprovalV1.ApprovalServiceMethods.recordOpinion,
        { CaseView($0).sentence },
        {
          try await self.services.sign(
            caseID: caseID, officer.stage.stage, .pass, as: identity)
        })
    }
  }

  private func findWork(
    _ application: IntakeV1.Application, _ stage: StageName, as officer: Caller
  ) async throws -> String {
    try await self.poll("The case did not reach the office") {
      let request = ApprovalV1.GetCaseRequest(key: .applicationID(application.applicationID))
      do {
        let answer = try await self.services.approval.getCase(
          request, options: self.services.options(as: officer))
        return answer.`case`?.caseID
      } catch let error as ServiceError where error.code == .notFound {
        return nil
      }
    }
  }

  /// Asks again every 20 ms until there is an answer.
  func poll<Answer>(
    _ failure: String, _ ask: () async throws -> Answer?
  ) async throws -> Answer {
    for _ in 0..<(Walk.waitSecondsMax * 50) {
      if let answer = try await ask() { return answer }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw ValidationError("\(failure) within \(Walk.waitSecondsMax) s.")
  }
}
