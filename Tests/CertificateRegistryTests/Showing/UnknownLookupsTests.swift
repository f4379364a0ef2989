import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct UnknownLookupsTests {
  private static let start = Timestamp(milliseconds: 1_000_000)

  @Test func `who is a burst ahead is refused until the time has come, and nobody else`() throws {
    let lookups = UnknownLookups(.init(burst: 3, intervalMs: 1_000, callersMax: 10))
    for _ in 1...4 {
      try lookups.check("a", at: Self.start)
      lookups.note("a", at: Self.start)
    }
    let error = #expect(throws: ServiceError.self) { try lookups.check("a", at: Self.start) }
    #expect(error?.reason == "LOOKUPS_EXHAUSTED" && error?.code == .resourceExhausted)
    #expect(error?.retryDelayMs == 1_000)
    try lookups.check("b", at: Self.start)
    try lookups.check("a", at: Self.start.adding(milliseconds: 1_000))
  }

  @Test func `whatever many ask at once, the long run is the same`() throws {
    let lookups = UnknownLookups(.init(burst: 3, intervalMs: 1_000, callersMax: 10))
    // A hundred were let in before the first of them was found to be unknown.
    for _ in 1...100 { lookups.note("a", at: Self.start) }
    let error = #expect(throws: ServiceError.self) { try lookups.check("a", at: Self.start) }
    #expect(error?.retryDelayMs == 97_000)
  }

  @Test func `no more callers are remembered than may be, those with most to pay`() throws {
    let lookups = UnknownLookups(.init(burst: 1, intervalMs: 1_000, callersMax: 3))
    for caller in ["a", "a", "a", "b", "b", "c"] { lookups.note(caller, at: Self.start) }
    lookups.note("d", at: Self.start)
    #expect(lookups.count == 3)
    #expect(throws: ServiceError.self) { try lookups.check("a", at: Self.start) }
    // By then everybody else has paid.
    lookups.note("e", at: Self.start.adding(milliseconds: 2_500))
    #expect(lookups.count == 2)
  }

  @Test func `a caller who guesses gets no answer, not even of what there is`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let limits = UnknownLookups.Limits()
    let known = RegistryV1.VerifyPermitRequest.sample(
      .certificateIdentifier(permit.certificateIdentifier))
    for number in 0...limits.burst {
      let found = try await registry.look(Self.guess(number, like: permit))
      #expect(
        found
          == RegistryV1.VerifyPermitResponse(
            reasonCodes: ["PERMIT_UNKNOWN"], verifiedAtMs: registry.clock.now().milliseconds))
    }
    for request in [known, try Self.guess(999, like: permit)] {
      let told = try await refusal { _ = try await registry.look(request) }
      #expect(told == ["LOOKUPS_EXHAUSTED"])
    }
    #expect(try await registry.look(known, as: .verifier("school-1")).valid)
    registry.clock.advance(milliseconds: limits.intervalMs)
    #expect(try await registry.look(known).valid)
    // Each guess was a look as any other: one row, no permit.
    let looks = try await registry.looks()
    #expect(looks.filter { $0[2].isEmpty && $0[3] == "PERMIT_UNKNOWN" }.count == limits.burst + 1)
    #expect(looks.count == limits.burst + 3)
  }

  @Test func `what there is and what there is not take the same steps`() async throws {
    try await TestEngine.sqlite.withStore(FakeClock()) { store in
      let counting = CountingStore(store)
      let registry = try await RegistryFixture(over: counting)
      let permit = try #require(try await registry.issue(1))
      let known = try await counting.count {
        _ = try await registry.look(
          .sample(.certificateIdentifier(permit.certificateIdentifier)))
      }
      let unknown = try await counting.count {
        _ = try await registry.look(Self.guess(1, like: permit))
      }
      #expect(known == CountingStore.Count(reads: 1, writes: 1) && unknown == known)
    }
  }

  @Test func `what there is costs nothing, however often it is asked for`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    for _ in 0...(2 * UnknownLookups.Limits().burst) {
      let found = try await registry.look(
        .sample(.certificateIdentifier(permit.certificateIdentifier)))
      #expect(found.valid)
    }
  }

  private static func guess(
    _ number: Int, like permit: RegistryV1.Permit
  ) throws -> RegistryV1.VerifyPermitRequest {
    let model = try #require(CertificateIdentifier(permit.certificateIdentifier))
    let guess = try #require(
      CertificateIdentifier(
        type: model.type, issuer: model.issuer, serial: "GUESS\(number)", version: 1))
    return .sample(.certificateIdentifier(guess.text))
  }
}
