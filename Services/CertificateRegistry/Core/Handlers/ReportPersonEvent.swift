import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Takes in what another authority reports of a person, with all that follows from it in one
  /// transaction. Where his certificate is to name another number it is signed before, on the
  /// signer's pool; the transaction decides again.
  func reportPersonEvent(
    _ request: RegistryV1.ReportPersonEventRequest, _ context: CallContext
  ) async throws -> RegistryV1.ReportPersonEventResponse {
    try self.authorities.check(context)
    return try await self.answerOnce(request, key: request.idempotencyKey, context) { call in
      let report = try PersonReportClaim(request).checked(
        on: CivilDate(of: call.now), self.policy.divisions)
      return try await self.attempt {
        let prepared = try await self.prepare(report, at: call.now)
        return try await call.commit { transaction, stamp in
          RegistryV1.ReportPersonEventResponse(
            try self.store.report(transaction, report, prepared, stamp))
        }
      }
    }
  }

  private func prepare(
    _ report: PersonReport, at now: Timestamp
  ) async throws -> PreparedChange? {
    guard case .numberChanged(let number, _) = report.event,
      let (permit, events, signed) = try await self.store.outlook(report, at: now)
    else { return nil }
    return try await self.makeAnew(permit, after: events, from: signed, at: now) { document in
      document.holder.citizenID = number.text
      document.holder.birthOn = number.birthDate
      document.holder.sex = number.sex
    }
  }
}
