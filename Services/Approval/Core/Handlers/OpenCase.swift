import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// Opens the case of a submitted application, once an application; or a lost one again, where
  /// intake knows it to have stood. One that an officer entered at the counter opens with his
  /// opinion.
  func openCase(
    _ request: ApprovalV1.OpenCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.OpenCaseResponse {
    let response: ApprovalV1.OpenCaseResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let claim = OriginClaim(request)
      let day = claim.day(at: call.now)
      let origin = try claim.checked(
        OriginClaim.Known(
          policies: self.policies.editions, offices: self.offices, day: day))
      let machine = try self.policies.machine(of: origin)
      let entry = try self.entry(of: claim, origin, machine, on: day)
      let standing = try request.standing.map { try CaseStanding($0, now: call.now) }
      let file = machine.open(origin, as: standing?.caseID ?? call.stamp.newID())
      let opening = CaseOpening(
        file: file, papers: try CaseFile(request), machine: machine, standing: standing)
      return try await call.commit { transaction, stamp in
        let (id, untouched) = try self.store.open(transaction, opening, stamp)
        if let untouched, let entry {
          try self.enter(entry, in: untouched, by: machine, transaction, stamp)
        }
        return ApprovalV1.OpenCaseResponse(caseID: id.text)
      }
    }
    context.logger.info("case is open", metadata: ["case.id": "\(response.caseID)"])
    return response
  }

  /// The opinion that an entry at the counter is; nil where the application came in by itself.
  /// Throws `REQUEST_INVALID` for an office that has not to take up this application.
  private func entry(
    of claim: OriginClaim, _ origin: ApprovalCase.Origin, _ machine: CaseMachine,
    on day: CivilDate
  ) throws -> OpinionDraft? {
    let (stage, office) = (machine.workflow.first, claim.acceptingOffice)
    guard !claim.acceptingOfficer.isEmpty, let step = machine.workflow.step(stage) else {
      return nil
    }
    guard self.offices.offices(for: step, of: origin, on: day).contains(office) else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.officeUnknown.violation(at: "accepting_office")])
    }
    return OpinionDraft(
      officer: Officer(id: claim.acceptingOfficer, office: office, role: stage.role),
      expectedVersion: 1, stage: stage, decision: .pass, reasons: [], text: "")
  }

  /// Signs the opinion in the officer's name, at the instant of submission. What cannot be passed,
  /// because there is nothing on record that it could change, waits for him to refuse it.
  private func enter(
    _ entry: OpinionDraft, in record: CaseRecord, by machine: CaseMachine,
    _ transaction: Transaction, _ stamp: Stamp
  ) throws {
    let decided = machine.decide(
      record.file, .sign(entry), now: record.file.origin.submittedAt)
    guard case .success(let events) = decided else { return }
    var signing = stamp
    signing.actor = Actor(
      principal: "officer:\(entry.officer.id)", role: entry.officer.role,
      office: entry.officer.office)
    _ = try self.happen(events, to: record, by: machine, transaction, signing)
  }
}
