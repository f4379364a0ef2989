import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// What the region's policy says of one kind of application, for whoever applies or advises.
  func getGuide(
    _ request: IntakeV1.GetGuideRequest, _ context: CallContext
  ) async throws -> IntakeV1.GetGuideResponse {
    let today = CivilDate(of: self.time.now())
    var defects = DefectList()
    let kind = defects.take(ApplicationKind.chosen(request.kind), at: "kind")
    if !request.divisionCode.isEmpty {
      let reasons = Address(division: request.divisionCode, street: "", detail: "")
        .divisionDefects(as: .residence, in: self.region.divisions, on: today)
      defects.add(reasons, at: "division_code")
    }
    try defects.throwIfAny(.requestInvalid)
    guard let kind else { throw ServiceError(.requestInvalid) }
    let policy = try self.policy(named: request.policyVersion, on: today)
    let source = GuideSource(
      kind: try policy.offered(kind), policy: policy, division: request.divisionCode,
      offices: self.region.offices.offices.filter { office in
        office.county == request.divisionCode && office.applications.contains(kind)
          && office.validity.contains(today)
      })
    return IntakeV1.GetGuideResponse(guide: .init(source))
  }
}
