import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// Where one can go today, page by page, by ascending id.
  func listServicePoints(
    _ request: IntakeV1.ListServicePointsRequest, _ context: CallContext
  ) async throws -> IntakeV1.ListServicePointsResponse {
    let page = try PageRequest(request.page)
    let (table, division) = (self.servicePoints, request.divisionCode)
    var defects = DefectList()
    if !division.isEmpty && !table.knows(division: division) {
      defects.add(.divisionUnknown, at: "division_code")
    }
    let kind =
      request.kind == .unspecified
      ? nil : defects.take(ApplicationKind.chosen(request.kind), at: "kind")
    try defects.throwIfAny(.requestInvalid)
    let found = table.points(
      in: division.isEmpty ? nil : division, taking: kind, on: CivilDate(of: self.time.now()))
    let (points, nextToken) = page.page(
      Array(found.lazy.filter { $0.id > page.cursor }.prefix(page.limit)), token: \.id)
    return IntakeV1.ListServicePointsResponse(
      points: points.map(IntakeV1.ServicePoint.init), nextPageToken: nextToken,
      version: table.version, source: table.source, sample: table.isSample)
  }
}

extension IntakeV1.ServicePoint {
  fileprivate init(_ point: ServicePoint) {
    self.init(
      servicePointID: point.id, kind: .init(point.kind), name: point.name,
      divisionCode: point.county, address: point.address, phone: point.phone ?? "",
      hours: point.hours.map {
        IntakeV1.OpeningHours(
          weekday: Int32($0.weekday), opens: OpeningSpan.clock($0.opens),
          closes: OpeningSpan.clock($0.closes))
      },
      followsWorkingDays: point.followsWorkingDays,
      kinds: ApplicationKind.allCases.filter(point.applications.contains)
        .map(ModelV1.ApplicationKind.init),
      officeCode: point.office ?? "", remark: point.remark ?? "")
  }
}
