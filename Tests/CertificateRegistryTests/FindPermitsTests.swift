import DomainModel
import RPC
import TestSupport
import Testing
import Wire

struct FindPermitsTests {
  typealias Request = RegistryV1.FindPermitsRequest

  @Test func `a person's permit is found by citizen number`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    _ = try await registry.issue(2)
    let found = try await registry.client.findPermits(
      Request(key: .citizenID(CitizenIDs.woman(1).lowercased())), options: .officer)
    #expect(found.permits.map(\.permitID) == [permit.permitID])
    #expect(found.permits.first?.document == [])
    #expect(found.permits.first?.signature == [])
    #expect(found.nextPageToken == "")
  }

  @Test func `an application's permit is found by its id`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    let permit = try #require(try await registry.issue(2))
    let found = try await registry.client.findPermits(
      Request(key: .applicationID("application-2")), options: .auditor)
    #expect(found.permits.map(\.permitID) == [permit.permitID])
  }

  @Test func `an auditor reads all, page by page`() async throws {
    let registry = try await RegistryFixture()
    var issued: [String] = []
    for person in 0..<5 {
      registry.clock.advance(milliseconds: 1)
      issued.append(try #require(try await registry.issue(person)).permitID)
    }
    var seen: [String] = []
    var token = ""
    repeat {
      let page = ModelV1.Page(size: 2, token: token)
      let found = try await registry.client.findPermits(Request(page: page), options: .auditor)
      #expect(found.permits.count <= 2)
      seen += found.permits.map(\.permitID)
      token = found.nextPageToken
    } while !token.isEmpty
    #expect(seen == issued)
  }

  @Test func `an officer must say whose`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.findPermits(Request(), options: .officer)
    }
    #expect(error?.violations.map(\.field) == ["key"])
  }

  @Test(arguments: [(501, ""), (-1, ""), (1, "no token")])
  func `a page that cannot be is refused`(_ size: Int32, _ token: String) async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.findPermits(
        Request(page: ModelV1.Page(size: size, token: token)), options: .auditor)
    }
    #expect(error?.reason == "PAGE_INVALID")
  }

  @Test func `nobody known has no permits`() async throws {
    let registry = try await RegistryFixture()
    let found = try await registry.client.findPermits(
      Request(key: .citizenID(CitizenIDs.woman(7))), options: .officer)
    #expect(found == RegistryV1.FindPermitsResponse())
  }
}
