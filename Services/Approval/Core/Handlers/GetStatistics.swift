import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// What was received and decided, from counters that were kept with the decisions.
  func getStatistics(
    _ request: ApprovalV1.GetStatisticsRequest, _ context: CallContext
  ) async throws -> ApprovalV1.GetStatisticsResponse {
    var question = try Self.question(request)
    if context.reach != .everything {
      question.division = try self.division(within: question.division, context)
    }
    guard let lines = try await self.store.statistics(question) else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.numberOutOfRange.violation(at: "by")])
    }
    return ApprovalV1.GetStatisticsResponse(lines: lines.map { .init($0) })
  }

  /// An officer's own county, where what he asks for lies around it; throws `OFFICER_WRONG_OFFICE`
  /// for another one.
  private func division(within asked: String, _ context: CallContext) throws -> String {
    let office = try context.requireCaller().office ?? ""
    let today = CivilDate(of: self.time.now())
    guard let county = self.offices.table.office(office, on: today)?.county,
      county.hasPrefix(asked)
    else { throw ServiceError(.officerWrongOffice) }
    return county
  }

  private static func question(
    _ request: ApprovalV1.GetStatisticsRequest
  ) throws -> StatisticsQuestion {
    var defects = DefectList()
    let (first, last) = (CivilDate(iso: request.fromOn), CivilDate(iso: request.toOn))
    if first == nil { defects.add(.dateInvalid, at: "from_on") }
    if last == nil { defects.add(.dateInvalid, at: "to_on") }
    if let first, let last,
      last < first || first.days(until: last) >= StatisticsQuestion.daysMax
    {
      defects.add(.numberOutOfRange, at: "to_on")
    }
    let digits = request.divisionCode.utf8
    if ![0, 2, 4, 6].contains(digits.count) || !digits.allSatisfy({ (0x30...0x39).contains($0) }) {
      defects.add(.valueUnknown, at: "division_code")
    }
    let kind = request.kind == .unspecified ? nil : ApplicationKind(request.kind)
    if kind == nil, request.kind != .unspecified { defects.add(.valueUnknown, at: "kind") }
    let channel = request.channel == .unspecified ? nil : ApprovalCase.Channel(request.channel)
    if channel == nil, request.channel != .unspecified {
      defects.add(.valueUnknown, at: "channel")
    }
    let by = Set(request.by.compactMap(StatisticsQuestion.Dimension.init))
    if by.count != request.by.count { defects.add(.valueUnknown, at: "by") }
    try defects.throwIfAny(.requestInvalid)
    guard let first, let last else { throw ServiceError(.requestInvalid) }
    return StatisticsQuestion(
      days: first...last, division: request.divisionCode, kind: kind, channel: channel, by: by)
  }
}
