import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// How many opinions one call signs at most.
  static let opinionsMax = 50

  /// Signs several opinions, each in a transaction of its own and once for its key: one that is
  /// refused says why in its place, and does not touch the others. What is no answer about an
  /// opinion, such as a store that is away, ends the call: sent again, those that are signed get
  /// their first answer.
  func recordOpinions(
    _ request: ApprovalV1.RecordOpinionsRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecordOpinionsResponse {
    try Self.check(request)
    return try await withThrowingTaskGroup(
      of: (Int, ApprovalV1.OpinionResult).self
    ) { group in
      for (index, opinion) in request.opinions.enumerated() {
        group.addTask { (index, try await self.result(of: opinion, context)) }
      }
      var results = request.opinions.map { ApprovalV1.OpinionResult(caseID: $0.caseID) }
      for try await (index, result) in group { results[index] = result }
      return ApprovalV1.RecordOpinionsResponse(results: results)
    }
  }

  private func result(
    of opinion: ApprovalV1.RecordOpinionRequest, _ context: CallContext
  ) async throws -> ApprovalV1.OpinionResult {
    var result = ApprovalV1.OpinionResult(caseID: opinion.caseID)
    do {
      result.outcome = .signed(try await self.recordOpinion(opinion, context))
    } catch let refusal as ServiceError where Self.isAnswer(refusal) {
      result.outcome = .refused(.init(refusal))
    }
    return result
  }

  /// Whether it is an answer about the opinion: that somebody was faster is one, too.
  private static func isAnswer(_ refusal: ServiceError) -> Bool {
    refusal.retry != .soon || refusal.code == .aborted
  }

  private static func check(_ request: ApprovalV1.RecordOpinionsRequest) throws {
    var defects = DefectList()
    if request.opinions.isEmpty { defects.add(.fieldMissing, at: "opinions") }
    if request.opinions.count > Self.opinionsMax { defects.add(.numberOutOfRange, at: "opinions") }
    var seen: Set<String> = []
    for (index, opinion) in request.opinions.prefix(Self.opinionsMax).enumerated()
    where !seen.insert(opinion.caseID).inserted {
      defects.add(.caseRepeated, at: "opinions[\(index)].case_id")
    }
    try defects.throwIfAny(.requestInvalid)
  }
}
