import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// What each kind of application needs, and how it comes in.
extension World {
  /// An officer of the station of the residence, who takes applications up at its counter.
  static let windowOfficer = Caller(
    kind: .officer, id: "window1", office: "330106500000", role: "accept")
  static let collector = Caller(
    kind: .officer, id: "collector1", office: "330106500000", role: "collector")

  func draft(
    of kind: ApplicationKind, by channel: ModelV1.Channel, _ caller: Caller
  ) async throws -> IntakeV1.Application {
    try #require(
      try await self.intake.createDraft(
        .init(idempotencyKey: self.key("draft"), kind: .init(kind), channel: channel),
        options: self.options(caller)
      ).application)
  }

  /// A draft of a kind that can be submitted by a form of it.
  func readyDraft(
    of kind: ApplicationKind, _ form: ModelV1.ApplicationForm? = nil,
    by channel: ModelV1.Channel = .app, _ caller: Caller = World.integrator,
    notice: String = "zhejiang-2022-1"
  ) async throws -> IntakeV1.Application {
    let form = form ?? .good(for: kind)
    var draft = try await self.draft(of: kind, by: channel, caller)
    draft = try await self.update(
      draft, .commitment(.init(noticeVersion: notice, assented: true)), by: caller)
    draft = try await self.update(draft, .form(form), by: caller)
    for material in Self.materials(of: kind) {
      try await self.upload(material, to: draft, by: caller)
    }
    for claim in form.claims {
      for evidence in claim.evidence {
        try await self.upload(.evidence, evidence, to: draft, by: caller)
      }
    }
    return try await self.get(draft.applicationID, by: caller)
  }

  /// What is uploaded beside the evidence.
  private static func materials(of kind: ApplicationKind) -> [ModelV1.MaterialKind] {
    switch kind {
    case .firstPermit, .conversionByPermit, .conversionByRegistration: [.idCard, .photo]
    case .faceDataCorrection: [.idCard, .photo, .correctionProof]
    case .lossReport: []
    case .residenceRegistration, .addressChange, .contactChange, .endorsement, .lossWithdrawal,
      .cancellation, .confirmationSlip:
      [.idCard]
    }
  }

  /// Lets the registry know of the person what an application of the kind is about.
  func settle(_ kind: ApplicationKind, _ citizenID: String = adultNumber) {
    switch kind {
    case .residenceRegistration: break
    case .firstPermit, .addressChange, .conversionByRegistration:
      self.registry.register(citizenID, since: "2025-03-01")
    case .contactChange:
      self.registry.register(citizenID, since: "2025-03-01", workplace: "旧单位")
      self.registry.issue(citizenID)
    case .endorsement:
      self.registry.register(citizenID, since: "2025-03-01")
      self.registry.issue(citizenID, to: "2026-03-20", .endorsementWindow)
    case .conversionByPermit:
      self.registry.register(citizenID, since: "2025-03-01")
      self.registry.issue(citizenID, in: "330302")
    case .lossWithdrawal:
      self.registry.register(citizenID, since: "2025-03-01")
      self.registry.issue(citizenID, .lost)
    case .faceDataCorrection, .lossReport, .cancellation, .confirmationSlip:
      self.registry.register(citizenID, since: "2025-03-01")
      self.registry.issue(citizenID)
    }
  }

  /// An application of a kind that was submitted, of a person for whom nothing speaks against it.
  func submitted(
    of kind: ApplicationKind, _ form: ModelV1.ApplicationForm? = nil,
    by channel: ModelV1.Channel = .app, _ caller: Caller = World.integrator
  ) async throws -> IntakeV1.Application {
    self.settle(kind)
    let draft = try await self.readyDraft(of: kind, form, by: channel, caller)
    let answer = try await self.submit(draft, by: caller)
    #expect(answer.findings.filter { !$0.passed }.map(\.rule) == [])
    #expect(answer.submitted)
    return try await self.get(draft.applicationID, by: caller)
  }

  /// What approval was told to open.
  func openedCases() throws -> [ApprovalV1.OpenCaseRequest] {
    try self.approval.requests(to: ApprovalV1.ApprovalServiceMethods.openCase)
  }

  /// The templates of what applicants were told, in order.
  func toldTexts() throws -> [NotificationV1.EnqueueMessageRequest] {
    try self.notification.requests(to: NotificationV1.NotificationServiceMethods.enqueueMessage)
  }
}

extension ModelV1.ApplicationForm {
  /// A form of a kind without defect, of an adult.
  static func good(for kind: ApplicationKind) -> ModelV1.ApplicationForm {
    var form = Self.adult
    let asksForClaims: Set<ApplicationKind> = [
      .firstPermit, .endorsement, .conversionByPermit, .conversionByRegistration,
    ]
    if !asksForClaims.contains(kind) { form.claims = [] }
    switch kind {
    case .firstPermit, .residenceRegistration, .endorsement, .conversionByPermit,
      .conversionByRegistration:
      break
    case .addressChange:
      form.workplace = ""
      form.changedOn = "2026-03-05"
    case .contactChange:
      form.residence = nil
      form.changedOn = "2026-03-05"
    case .faceDataCorrection:
      form.residence = nil
      form.workplace = ""
    case .lossReport, .lossWithdrawal, .cancellation, .confirmationSlip:
      if kind != .confirmationSlip { form.residence = nil }
      form.phone = ""
      form.workplace = ""
      if kind == .confirmationSlip { form.shownPaper = .identityCard }
    }
    return form
  }
}
