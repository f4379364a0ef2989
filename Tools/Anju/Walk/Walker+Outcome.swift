import ArgumentParser
import RPC
import ToolKit
import Wire

/// What the applicant sees in the end.
extension Walker {
  /// Follows the application until it is complete.
  func waitForCompletion(
    _ application: IntakeV1.Application
  ) async throws -> IntakeV1.Application {
    let request = IntakeV1.WatchApplicationRequest(applicationID: application.applicationID)
    var options = try self.services.options(as: .app)
    options.timeoutMs = Int64(Walk.waitSecondsMax) * 1000
    return try await self.output.step(
      "浙里办 app", IntakeV1.IntakeServiceMethods.watchApplication,
      { "\(word($0.state)), permit \($0.completion?.certificateIdentifier ?? "-")" },
      {
        let last = try await self.services.intake.watchApplication(request, options: options) {
          answers in
          var last: IntakeV1.Application?
          for try await answer in answers { last = answer.application ?? last }
          return last
        }
        guard let last, last.state == .completed else {
          throw ValidationError("The application did not end in a permit.")
        }
        return last
      })
  }

  /// Reads the permit and shows its document.
  func showPermit(_ application: IntakeV1.Application) async throws {
    let identifier = application.completion?.certificateIdentifier ?? ""
    let request = RegistryV1.GetPermitRequest(certificateIdentifier: identifier)
    let answer = try await self.output.step(
      "省公共数据平台", RegistryV1.CertificateRegistryServiceMethods.getPermit,
      { "signed with key \($0.permit?.keyID ?? "-"), \($0.permit?.signature.count ?? 0) bytes" },
      {
        try await self.services.registry.getPermit(
          request, options: self.services.options(as: .auditor))
      })
    guard let permit = answer.permit else {
      throw ValidationError("The registry answered without a permit.")
    }
    let days = "签发日期 \(permit.issuedOn), 有效期至 \(permit.validToOn)"
    try self.output.text(
      "电子《浙江省居住证》",
      ["持证人 \(self.person.name)", "电子证照标识 \(identifier)", days])
  }

  /// Waits for the completion text and shows all texts as the applicant's phone does.
  func showTexts(_ application: IntakeV1.Application) async throws {
    let messages = try await self.output.step(
      "anju", NotificationV1.NotificationServiceMethods.listMessages,
      { (arrived: [NotificationV1.Message]) in "\(arrived.count) texts delivered" },
      {
        try await self.poll("The completion text was not delivered") {
          // Without the reminders to come.
          let messages = try await self.services.everyMessage(
            about: application.applicationID
          ).filter { $0.notBeforeMs == 0 }
          let arrived = messages.filter { $0.state == .delivered }
          let issued = arrived.contains { $0.templateID == "permit_issued" }
          return issued && arrived.count == messages.count ? arrived : nil
        }
      })
    try self.output.text("短信 \(messages.first?.maskedPhone ?? "")", messages.map(\.text))
  }
}
