import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct RecordOpinionsTests {
  private static let officer = CallOptions.by(Police.right(for: .accept))

  private static func opinion(
    _ desk: Desk, _ id: String, version: Int64 = 1
  ) -> ApprovalV1.RecordOpinionRequest {
    ApprovalV1.RecordOpinionRequest(
      idempotencyKey: desk.key(), caseID: id, expectedVersion: version, stage: .accept,
      decision: .pass)
  }

  @Test func `each opinion has its own result, and a refused one touches no other`() async throws {
    let desk = try await Desk()
    var ids: [String] = []
    for number in 0..<3 { ids.append(try await desk.open("application-\(number)")) }
    try await desk.claim(ids[2], by: Desk.officer(.accept, "two"))
    let request = ApprovalV1.RecordOpinionsRequest(opinions: [
      Self.opinion(desk, ids[0]), Self.opinion(desk, ids[1], version: 5),
      Self.opinion(desk, "nowhere"), Self.opinion(desk, ids[2]),
    ])
    let results = try await desk.client.recordOpinions(request, options: Self.officer).results
    #expect(results.map(\.caseID) == [ids[0], ids[1], "nowhere", ids[2]])
    guard case .signed(let signed) = results[0].outcome else {
      Issue.record("\(results[0])")
      return
    }
    #expect(signed.case?.state == .awaitingReview)
    let refused = results.dropFirst().map { result -> ApprovalV1.OpinionRefusal? in
      if case .refused(let refusal) = result.outcome { refusal } else { nil }
    }
    #expect(
      refused.map { $0?.reason } == ["VERSION_STALE", "CASE_NOT_FOUND", "CASE_HELD_BY_ANOTHER"])
    #expect(refused.map { $0?.statusCode } == [10, 5, 9])
    #expect(refused[0]?.metadata.contains("current_version=1") == true)
    #expect(try await desk.read(ids[1]).opinions.isEmpty)
    #expect(try await desk.deskEvents(ids[1]).map(\.action) == ["refused_opinion"])
    // The same again gets the same answers, and signs nothing twice.
    let again = try await desk.client.recordOpinions(request, options: Self.officer).results
    #expect(again[0] == results[0])
    #expect(try await desk.read(ids[0]).opinions.count == 1)
  }

  @Test func `a store that is away ends the call, and is nobody's refusal`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    await desk.store.close()
    let error = await refusal {
      let opinions = [Self.opinion(desk, id)]
      return try await desk.client.recordOpinions(.init(opinions: opinions), options: Self.officer)
    }
    #expect(error.code == .unavailable)
  }

  @Test func `one to fifty opinions, each of another case`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let none = await refusal {
      try await desk.client.recordOpinions(.init(), options: Self.officer)
    }
    #expect(none.violations.map(\.reason) == ["FIELD_MISSING"])
    let twice = await refusal {
      let both = [Self.opinion(desk, id), Self.opinion(desk, id)]
      return try await desk.client.recordOpinions(.init(opinions: both), options: Self.officer)
    }
    #expect(twice.violations.map(\.field) == ["opinions[1].case_id"])
    #expect(twice.violations.map(\.reason) == ["CASE_REPEATED"])
    let many = (0...50).map { Self.opinion(desk, "case-\($0)") }
    let tooMany = await refusal {
      try await desk.client.recordOpinions(.init(opinions: many), options: Self.officer)
    }
    #expect(tooMany.violations.map(\.reason) == ["NUMBER_OUT_OF_RANGE"])
    let most = Array(many.dropLast())
    let answer = try await desk.client.recordOpinions(.init(opinions: most), options: Self.officer)
    #expect(answer.results.count == 50)
  }
}
