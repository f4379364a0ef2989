import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct DraftExpiryTests {
  private static let dayMs: Int64 = 86_400_000

  @Test func `a draft nobody has touched for 30 days goes, with its form and its materials`()
    async throws
  {
    let world = try await World()
    let draft = try await world.readyDraft()
    let submitted = try await world.submitted(.adult.of(citizenNumber(born: "1985-01-01")))
    world.clock.advance(milliseconds: 30 * Self.dayMs)
    try await world.run("drafts")
    #expect(try await world.get(draft.applicationID) == draft)
    world.clock.advance(milliseconds: 1)
    try await world.run("drafts")
    let error = try await refusal { _ = try await world.get(draft.applicationID) }
    #expect(error.code == .notFound)
    #expect(try await world.get(submitted.applicationID) == submitted)
    let left = try await world.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT material_id FROM material WHERE application_id = \(draft.applicationID)
        UNION ALL SELECT material_id FROM material_piece
        WHERE material_id NOT IN (SELECT material_id FROM material)
        """
      ).count
    }
    #expect(left == 0)
    let last = try await world.store.read { snapshot in
      try snapshot.row(
        """
        SELECT actor, action FROM history WHERE entity = \(draft.applicationID)
        ORDER BY sequence DESC LIMIT 1
        """
      ).map { [try $0.text("actor"), try $0.text("action")] }
    }
    #expect(last == ["system", "draft_expired"])
  }

  @Test func `each step of the applicant keeps his draft`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    world.clock.advance(milliseconds: 20 * Self.dayMs)
    try await world.upload(.photo, to: draft, bytes: Files.png)
    world.clock.advance(milliseconds: 20 * Self.dayMs)
    try await world.run("drafts")
    #expect(try await world.get(draft.applicationID).state == .draft)
  }

  @Test func `more drafts than one transaction takes all go`() async throws {
    let world = try await World()
    for _ in 0...IntakeStore.expireDraftsMax { _ = try await world.draft() }
    world.clock.advance(milliseconds: 31 * Self.dayMs)
    try await world.run("drafts")
    let answer = try await ListApplicationsTests.list(world)
    #expect(answer.applications.isEmpty)
  }
}
