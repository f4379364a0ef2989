import ArgumentParser
import DomainModel
package import Wire

/// What several commands read, page after page.
extension Services {
  /// How many rows one call asks for.
  package static let pageRows: Int32 = 500

  /// An application by its id or, where there is none, by its number.
  package func application(_ key: String) async throws -> IntakeV1.Application {
    let options = try self.options(as: .auditor)
    func get(_ key: IntakeV1.GetApplicationRequest.Key) async throws -> IntakeV1.Application? {
      let request = IntakeV1.GetApplicationRequest(key: key)
      return try await self.intake.getApplication(request, options: options).application
    }
    var found: IntakeV1.Application?
    do {
      found = try await get(.applicationID(key))
    } catch let error as ServiceError where error.code == .notFound {
      found = try await get(.applicationNumber(key))
    }
    guard let found else { throw ServiceError(.applicationNotFound) }
    return found
  }

  package func everyApplication() async throws -> [IntakeV1.ApplicationSummary] {
    try await self.pages { page in
      let answer = try await self.intake.listApplications(
        IntakeV1.ListApplicationsRequest(page: page), options: self.options(as: .auditor))
      return (answer.applications, answer.nextPageToken)
    }
  }

  package func everyCase() async throws -> [ApprovalV1.WorkItem] {
    try await self.cases(includingClosed: true)
  }

  package func everyOpenCase() async throws -> [ApprovalV1.WorkItem] {
    try await self.cases(includingClosed: false)
  }

  private func cases(includingClosed: Bool) async throws -> [ApprovalV1.WorkItem] {
    try await self.pages { page in
      let request = ApprovalV1.ListWorkRequest(page: page, includeClosed: includingClosed)
      let answer = try await self.approval.listWork(
        request, options: self.options(as: .auditor))
      return (answer.items, answer.nextPageToken)
    }
  }

  package func everyPermit() async throws -> [RegistryV1.Permit] {
    try await self.pages { page in
      let answer = try await self.registry.findPermits(
        RegistryV1.FindPermitsRequest(page: page), options: self.options(as: .auditor))
      return (answer.permits, answer.nextPageToken)
    }
  }

  package func everyMessage(about reference: String = "") async throws -> [NotificationV1.Message] {
    try await self.pages { page in
      let request = NotificationV1.ListMessagesRequest(reference: reference, page: page)
      let answer = try await self.notification.listMessages(
        request, options: self.options(as: .auditor))
      return (answer.messages, answer.nextPageToken)
    }
  }

  private func pages<Row>(
    _ next: (ModelV1.Page) async throws -> (rows: [Row], token: String)
  ) async throws -> [Row] {
    var rows: [Row] = []
    var token = ""
    repeat {
      let page = try await next(ModelV1.Page(size: Self.pageRows, token: token))
      rows += page.rows
      token = page.token
    } while !token.isEmpty
    return rows
  }
}
