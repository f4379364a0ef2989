import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ResumeClockTests {
  @Test func `before acceptance the guard starts again`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let noticed = try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    #expect(noticed.state == .awaitingSupplement)
    desk.clock.set(nineOClock("2026-03-16"))
    try await desk.resume()
    let file = try await desk.read(id)
    #expect(file.state == .awaitingAcceptance)
    #expect(file.clocks?.acceptanceDue?.dueOn == "2026-03-23")
    #expect(file.materials.map(\.materialID) == ["material-photo", "material-more"])
    let accepted = try await desk.sign(id, .accept)
    #expect(accepted.opinions.map(\.round) == [1, 2])
    try await desk.deliver()
    guard case .supplementNeeded(let notice) = desk.intake.told.first?.step else {
      Issue.record("\(desk.intake.told)")
      return
    }
    #expect(notice.round == 1)
    #expect(notice.reasons.map(\.code) == ["PHOTO_UNFIT"])
    #expect(desk.intake.told.map(\.sequence) == [1, 2, 3])
    let resumption = IntakeV1.Resumption(acceptanceDue: file.clocks?.acceptanceDue)
    #expect(desk.intake.told[1].step == .resumed(resumption))
    #expect(desk.intake.told[1].occurredAtMs == nineOClock("2026-03-16").milliseconds)
  }

  @Test func `after acceptance both clocks move by the pause`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    let noticed = try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    #expect(noticed.state == .reviewSupplement)
    #expect(noticed.clocks?.pausedAtMs == desk.clock.now().milliseconds)
    desk.clock.set(nineOClock("2026-03-16"))
    try await desk.resume()
    let file = try await desk.read(id)
    #expect(file.state == .awaitingReview)
    #expect(file.clocks?.pausedAtMs == 0)
    #expect(file.clocks?.promiseDue?.dueOn == "2026-03-18")
    #expect(file.clocks?.statuteDue?.dueOn == "2026-03-31")
    try await desk.deliver()
    let resumption = IntakeV1.Resumption(
      promiseDue: file.clocks?.promiseDue, statuteDue: file.clocks?.statuteDue)
    #expect(desk.intake.told.map(\.sequence) == [1, 2, 3])
    #expect(desk.intake.told.last?.step == .resumed(resumption))
  }

  @Test func `a supplement told twice counts once`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    try await desk.resume()
    let file = try await desk.read(id)
    try await desk.resume()
    #expect(try await desk.read(id) == file)
    try await desk.deliver()
    #expect(desk.intake.told.count == 2)
  }

  @Test func `what nobody asked for is refused`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let early = await refusal { try await desk.resume() }
    #expect(early.reason == "CASE_WRONG_STATE")
    #expect(early.metadata["current_state"] == "awaiting_acceptance")
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    let other = await refusal { try await desk.resume(round: 2) }
    #expect(other.reason == "CASE_WRONG_STATE")
    let unknown = await refusal { try await desk.resume("application-9") }
    #expect(unknown.reason == "CASE_NOT_FOUND")
  }

  @Test func `the same thing is not asked for twice`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    try await desk.resume()
    let again = await refusal {
      try await desk.sign(id, .accept, .supplement, ["ID_CARD_EXPIRED", "PHOTO_UNFIT"])
    }
    #expect(again.violations.map(\.field) == ["reasons[1].code"])
    #expect(again.violations.map(\.reason) == ["REASON_ALREADY_NOTIFIED"])
    try await desk.sign(id, .accept, .supplement, ["ID_CARD_EXPIRED"])
    try await desk.resume(round: 2)
    #expect(try await desk.read(id).state == .awaitingAcceptance)
  }
}
