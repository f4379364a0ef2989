import DomainModel
import RPC
import ServiceCore

/// What is entered at the counter (窗口办): the entry is the acceptance, or the confirmation.
extension IntakeHandlers {
  /// The officer whose entry it is; nil where it did not come in at a counter. Throws
  /// `OFFICER_WRONG_OFFICE` for an office or a role that does not take this up, with the code of
  /// the office of the residence, and `OFFICER_MUST_RECUSE` where the entry would be an opinion on
  /// the officer's own case.
  func counterOfficer(
    _ caller: Caller, entering draft: Application, of kind: KindPolicy, by route: OfficeRoute,
    on today: CivilDate
  ) throws -> CounterOfficer? {
    guard draft.channel == .window else { return nil }
    let refusal = ServiceError(
      .officerWrongOffice, metadata: ["office_code": route.station.code])
    let road = Road(kind)
    guard caller.kind == .officer, caller.mayEnter(on: road), let code = caller.office,
      let office = self.region.offices.office(code, on: today)
    else { throw refusal }
    // What nobody decides is taken in at every counter.
    guard road == .atOnce || Self.offices(taking: kind, of: route).contains(office) else {
      throw refusal
    }
    if road != .atOnce, caller.isAmong(draft.form?.input.parties ?? []) {
      throw ServiceError(.officerMustRecuse)
    }
    return CounterOfficer(id: caller.id, office: office.code)
  }

  /// The offices that give the first opinion: those kinds of office that the policy names, of the
  /// county of the residence.
  private static func offices(taking kind: KindPolicy, of route: OfficeRoute) -> [Office] {
    let named = kind.stages.first { $0.step.isSigned }?.offices ?? []
    let all = [route.station, route.bureau] + route.windows + (route.centre.map { [$0] } ?? [])
    return all.filter { named.contains($0.kind) }
  }
}
