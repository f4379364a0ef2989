import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct ListApplicationsTests {
  @Test func `pages follow one another, by ascending id, to the end`() async throws {
    let world = try await World()
    var created: [String] = []
    for _ in 0..<5 {
      world.clock.advance(milliseconds: 1)
      created.append(try await world.draft().applicationID)
    }
    _ = try await world.draft(by: World.applicant)
    var seen: [String] = []
    var token = ""
    repeat {
      let answer = try await Self.list(world, size: 2, token: token)
      #expect(answer.applications.count <= 2)
      seen += answer.applications.map(\.applicationID)
      token = answer.nextPageToken
    } while !token.isEmpty
    #expect(seen == created)
    #expect(try await Self.list(world, by: World.auditor).applications.count == 6)
  }

  @Test func `a state filters, and the number stands beside the id`() async throws {
    let world = try await World()
    _ = try await world.draft()
    let application = try await world.submitted()
    let answer = try await Self.list(world, state: .submitted)
    let row = try #require(answer.applications.first)
    #expect(answer.applications.count == 1)
    #expect(row.applicationID == application.applicationID)
    #expect(row.applicationNumber == application.receipt?.applicationNumber)
    #expect(row.version == application.version)
  }

  @Test(
    arguments: [(-1, ""), (501, ""), (10, String(repeating: "t", count: 65))] as [(Int32, String)])
  func `a page out of bounds is refused`(size: Int32, token: String) async throws {
    let world = try await World()
    let error = try await refusal { _ = try await Self.list(world, size: size, token: token) }
    #expect(error.reason == ErrorReason.pageInvalid.rawValue)
  }

  @Test func `a state of a later contract is refused`() async throws {
    let world = try await World()
    let error = try await refusal { _ = try await Self.list(world, state: .unrecognized(99)) }
    #expect(error.told == ["state VALUE_UNKNOWN"])
  }

  static func list(
    _ world: World, size: Int32 = 0, token: String = "",
    state: IntakeV1.ApplicationState = .unspecified, by caller: Caller = World.integrator
  ) async throws -> IntakeV1.ListApplicationsResponse {
    try await world.intake.listApplications(
      .init(page: .init(size: size, token: token), state: state), options: world.options(caller))
  }
}
