import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// One case, with what its officer must see, as it is or as it stood.
  func getCase(
    _ request: ApprovalV1.GetCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.GetCaseResponse {
    guard let key = CaseKey(request) else { throw ServiceError(.caseNotFound) }
    let reach = try self.reach(of: context)
    let now = self.time.now()
    guard let instant = try Timestamp.asOf(request.asOfMs, now: now) else {
      let (record, waitsFor) = try await self.store.read { snapshot in
        let record = try self.store.find(snapshot, key, within: reach)
        let machine = try self.machine(of: record.file, snapshot, now)
        return (record, machine.waitsFor(record.file, now: now) ?? "")
      }
      var file = try ApprovalV1.Case(record)
      file.desk = ApprovalV1.CaseDesk(record.file.desk, at: now, waitsFor: waitsFor)
      return ApprovalV1.GetCaseResponse(case: try self.shown(file, record.file, to: context))
    }
    let (record, standing) = try await self.store.find(key, asOf: instant, within: reach)
    let past = try ApprovalV1.Case(standing, of: ApprovalV1.Case(record))
    return ApprovalV1.GetCaseResponse(case: try self.shown(past, record.file, to: context))
  }

  /// The case as the caller may see it: the papers of somebody under 18 only where the head of the
  /// office has given him the case by name (未成年人网络保护条例 Art. 36: 经过相关负责人…审批).
  private func shown(
    _ file: ApprovalV1.Case, _ present: ApprovalCase, to context: CallContext
  ) throws -> ApprovalV1.Case {
    guard context.reach != .everything, try context.requireCaller().id != present.desk.assignee,
      file.form?.isOfMinor(on: CivilDate(of: self.time.now())) ?? false
    else { return file }
    var file = file
    (file.form, file.materials, file.findings) = (nil, [], [])
    file.papersWithheld = true
    return file
  }
}

extension ModelV1.ApplicationForm {
  /// Whether it is for somebody under 18 (未成年人, 民法典 Art. 17) on a day; no where nobody can say.
  fileprivate func isOfMinor(on today: CivilDate) -> Bool {
    guard let birth = self.applicantBirthDate else { return false }
    return today < birth.adding(months: 12 * Self.fullAgeYears)
  }

  private static var fullAgeYears: Int { 18 }
}
