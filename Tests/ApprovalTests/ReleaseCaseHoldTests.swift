import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ReleaseCaseHoldTests {
  @Test func `a second order lifts it, once`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.placeHold(id)
    let first = try await desk.releaseHold(id)
    #expect(first.holds.map(\.releaseDocumentNumber) == [Desk.secondNumber])
    #expect(first.holds.map(\.releaseOfficerID) == ["head-2"])
    #expect(try await desk.releaseHold(id, version: 1) == first)
    #expect(
      try await desk.history(id).map(\.detail) == [
        "", "\(Desk.orderNumber) \(Desk.court)", "\(Desk.orderNumber) by \(Desk.secondNumber)",
      ])
    let other = await refusal { try await desk.releaseHold(id, by: "(2026)浙0106行审10号") }
    #expect(other.reason == "HOLD_UNKNOWN")
  }

  @Test func `the order itself lifts nothing, nor does one that nobody placed`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.placeHold(id)
    let same = await refusal { try await desk.releaseHold(id, by: Desk.orderNumber) }
    #expect(
      same.violations.map { "\($0.field) \($0.reason)" } == [
        "release_document_number DOCUMENT_NUMBER_USED"
      ])
    let unknown = await refusal { try await desk.releaseHold(id, "(2026)浙01行审2号") }
    #expect(unknown.reason == "HOLD_UNKNOWN")
    let stale = await refusal { try await desk.releaseHold(id, version: 1) }
    #expect(stale.reason == "VERSION_STALE")
    let stranger = await refusal {
      try await desk.releaseHold(id, head: Police.right(for: .review))
    }
    #expect(stranger.reason == "OFFICER_WRONG_OFFICE")
  }
}
