import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// How each due date of a case comes about.
  func explainDeadline(
    _ request: ApprovalV1.ExplainDeadlineRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ExplainDeadlineResponse {
    guard let key = CaseKey(request) else { throw ServiceError(.caseNotFound) }
    let record = try await self.explained(key, context)
    let machine = try self.policies.machine(of: record.file.origin)
    let calendar = machine.terms.calendar
    return ApprovalV1.ExplainDeadlineResponse(
      caseID: record.file.id.text, applicationID: record.file.origin.applicationID,
      policyVersion: record.file.origin.policyVersion, calendarVersion: calendar.version,
      calendarSource: calendar.source, coveredFromOn: calendar.coverage.lowerBound.iso,
      coveredToOn: calendar.coverage.upperBound.iso,
      derivations: machine.derivations(of: record.file).map {
        ApprovalV1.DueDateDerivation($0, of: record.file)
      })
  }

  /// An applicant reaches what is about him or his ward. The form that says so is sealed, so that
  /// it is opened and looked at instead of asked for in the query; what is not his is hidden.
  private func explained(_ key: CaseKey, _ context: CallContext) async throws -> CaseRecord {
    guard context.reach == .ownAndWards else {
      return try await self.store.find(key, within: self.reach(of: context))
    }
    let citizenID = Self.citizenID(try context.requireCaller().citizenID ?? "")
    let record = try await self.store.find(key, within: .everything)
    let form = try ModelV1.ApplicationForm(wireBytes: record.papers.form)
    let persons = [form.applicant?.citizenID, form.guardian?.citizenID]
    guard let citizenID, persons.contains(where: { Self.citizenID($0 ?? "") == citizenID }) else {
      throw ServiceError(.caseNotFound)
    }
    return record
  }

  /// A citizen number in the form in which numbers are compared; nil for what is none.
  private static func citizenID(_ text: String) -> String? {
    try? CitizenID.check(text, on: .latest, from: CitizenID.anyOrigin).get().text
  }
}
