import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct ListServicePointsTests {
  private static func list(
    _ world: World, _ request: IntakeV1.ListServicePointsRequest,
    by caller: Caller = World.applicant
  ) async throws -> IntakeV1.ListServicePointsResponse {
    try await world.intake.listServicePoints(request, options: world.options(caller))
  }

  @Test func `a county's places come with address, hours and what they take`() async throws {
    let answer = try await Self.list(
      try await World(), .init(divisionCode: "330106", kind: .residenceRegistration))
    #expect(answer.points.map(\.servicePointID) == ["330106500000", "330106C01"])
    #expect(answer.sample && answer.version == "sample-1" && answer.source.contains("sample"))
    let station = try #require(answer.points.first)
    #expect(station.kind == .station && station.officeCode == "330106500000")
    #expect(station.address.hasPrefix("浙江省杭州市西湖区"))
    #expect(station.hours.first.map { [$0.opens, $0.closes] } == ["08:30", "12:00"])
    #expect(station.hours.map(\.weekday) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6])
    #expect(station.followsWorkingDays && station.kinds.contains(.firstPermit))
  }

  @Test func `the pages together are the whole list, each place once`() async throws {
    let world = try await World()
    var (ids, token) = ([String](), "")
    repeat {
      let answer = try await Self.list(world, .init(page: .init(size: 7, token: token)))
      #expect(answer.points.count == 7 || answer.nextPageToken.isEmpty)
      ids += answer.points.map(\.servicePointID)
      token = answer.nextPageToken
    } while !token.isEmpty
    #expect(ids == (try PolicyData.servicePoints.get()).points.map(\.id))
  }

  @Test func `a division or a kind that is none is refused`() async throws {
    let world = try await World()
    let error = try await refusal {
      _ = try await Self.list(
        world, .init(divisionCode: "110000", kind: .init(rawValue: 99)))
    }
    #expect(error.told == ["division_code DIVISION_UNKNOWN", "kind VALUE_UNKNOWN"])
  }
}
