import DomainModel
import RPC
import TestSupport
import Testing
import Wire

/// The time of residence as `GetResidenceHistory` tells it: the worked examples of the rules.
struct ResidenceChainTests {
  /// One registration to record: where, from when, to when.
  private typealias Stay = (address: ModelV1.Address, from: String, to: String)

  private func registry(_ stays: [Stay]) async throws -> RegistryFixture {
    let registry = try await RegistryFixture()
    for (index, stay) in stays.enumerated() {
      _ = try await registry.register(key: "registration-key-\(index)") { request in
        request.address = stay.address
        request.declaredOn = stay.from
        request.endedOn = stay.to
      }
    }
    return registry
  }

  @Test func `the half year from the end of August is complete at the end of February`()
    async throws
  {
    let registry = try await self.registry([(.westLake, "2025-08-31", "")])
    let before = try await registry.residence(asOf: "2026-02-27")
    let after = try await registry.residence(asOf: "2026-02-28")
    var chain = RegistryV1.ResidenceChain(
      unitCode: "330100", declaredOn: "2025-08-31", countsFromOn: "2025-08-31", gapDays: 0,
      halfYearCompleteOn: "2026-02-28", eligibleFromOn: "2026-02-28", complete: false,
      registered: true)
    #expect(before.unitChain == chain)
    chain.complete = true
    #expect(after.unitChain == chain)
    chain.unitCode = ""
    #expect(after.provinceChain == chain)
    #expect(try await registry.residence() == after)
  }

  @Test func `overlapping registrations count once`() async throws {
    let registry = try await self.registry([
      (.westLake, "2025-07-01", "2025-12-31"), (.suichang, "2025-11-01", ""),
    ])
    let residence = try await registry.residence()
    #expect(residence.provinceChain?.countsFromOn == "2025-07-01")
    #expect(residence.provinceChain?.gapDays == 0)
    #expect(residence.provinceChain?.complete == true)
    #expect(residence.unitChain?.unitCode == "331123")
    #expect(residence.unitChain?.countsFromOn == "2025-11-01")
    #expect(residence.unitChain?.complete == false)
  }

  @Test(arguments: [
    ("2025-12-11", "2025-08-11", 10), ("2025-12-12", "2025-12-12", 0),
  ])
  func `ten days without a registration move the beginning, eleven begin anew`(
    next: String, countsFrom: String, gapDays: Int
  ) async throws {
    let registry = try await self.registry([
      (.westLake, "2025-08-01", "2025-11-30"), (.suichang, next, ""),
    ])
    let chain = try #require(try await registry.residence().provinceChain)
    #expect(chain.countsFromOn == countsFrom)
    #expect(Int(chain.gapDays) == gapDays)
    #expect(chain.complete == (gapDays == 10))
  }

  @Test func `a move inside a unit never begins it anew, however late it is reported`()
    async throws
  {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    var request = RegistryV1.ChangeRegistrationRequest.sample(first)
    request.address = .upperTown
    request.changedOn = "2025-10-01"
    let changed = try await registry.client.changeRegistration(request, options: .intake)
    #expect(changed.registration?.reportedLate == true)
    let chain = try #require(try await registry.residence().unitChain)
    #expect(chain.unitCode == "330100")
    #expect(chain.declaredOn == "2025-08-31")
    #expect(chain.countsFromOn == "2025-08-31")
    #expect(chain.gapDays == 0)
    #expect(chain.complete)
  }

  @Test func `a move to another unit begins its half year, and goes on in the province`()
    async throws
  {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    _ = try await registry.client.changeRegistration(.sample(first), options: .intake)
    let residence = try await registry.residence()
    #expect(residence.unitChain?.countsFromOn == "2026-03-02")
    #expect(residence.unitChain?.complete == false)
    #expect(residence.provinceChain?.countsFromOn == "2025-08-31")
    #expect(residence.provinceChain?.complete == true)
    let then = try await registry.residence(asOf: "2026-03-01")
    #expect(then.unitChain?.unitCode == "330100")
    #expect(then.unitChain?.registered == true)
  }

  @Test func `an end leaves the days of the gap, then nothing`() async throws {
    let registry = try await self.registry([(.westLake, "2025-03-01", "2026-02-27")])
    let open = try await registry.residence(asOf: "2026-03-09")
    #expect(open.unitChain?.registered == false)
    #expect(open.unitChain?.gapDays == 10)
    #expect(open.unitChain?.countsFromOn == "2025-03-11")
    let over = try await registry.residence(asOf: "2026-03-10")
    #expect(over.unitChain == nil)
    #expect(over.provinceChain == nil)
    #expect(over.registrations.count == 1)
  }

  @Test func `what was recorded in error counts for nothing`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    _ = try await registry.client.endRegistration(
      .sample(first, .recordedInError, on: "2026-03-10"), options: .intake)
    let residence = try await registry.residence()
    #expect(residence.unitChain == nil)
    #expect(residence.provinceChain == nil)
  }

  @Test func `an officer sees his own office's part, and the time over all of them`() async throws {
    let registry = try await RegistryFixture()
    let first = try await registry.register()
    _ = try await registry.client.changeRegistration(.sample(first), options: .intake)
    let seen = try await registry.residence(options: .officer("331123500000"))
    #expect(seen.registrations.map(\.officeCode) == ["331123500000"])
    #expect(seen.provinceChain?.countsFromOn == "2025-08-31")
  }

  @Test func `a day to come is told, not reckoned`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.residence(asOf: "2026-03-11")
    }
    #expect(error?.violations.map { "\($0.field) \($0.reason)" } == ["as_of_on DATE_IN_FUTURE"])
  }
}
