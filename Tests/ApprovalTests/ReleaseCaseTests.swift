import DomainModel
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ReleaseCaseTests {
  private static let one = Desk.officer(.accept, "one")
  private static let two = Desk.officer(.accept, "two")

  @Test func `what is given back can be claimed at once`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let claim = try await desk.claim(id, by: Self.one)
    try await desk.release(id, claim.claimNumber, by: Self.one)
    #expect(try await desk.read(id).desk?.heldBy == "")
    // A second time it changes nothing.
    try await desk.release(id, claim.claimNumber, by: Self.one)
    #expect(try await desk.deskEvents(id).map(\.action) == ["claimed", "released"])
    #expect(try await desk.claim(id, by: Self.two).claimNumber == 2)
  }

  @Test func `nobody gives back what another one holds`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    for (number, officer) in [(Int64(1), Self.two), (2, Self.one), (0, Self.one), (-1, Self.one)] {
      let error = await refusal { try await desk.release(id, number, by: officer) }
      #expect(error.reason == "CLAIM_LOST")
    }
    #expect(try await desk.read(id).desk?.heldBy == "one")
    let stranger = Officer(id: "one", office: Police.elsewhere, role: "accept")
    let error = await refusal { try await desk.release(id, 1, by: stranger) }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
  }
}
