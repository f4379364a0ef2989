import DomainModel
import ServiceKit
import TestSupport
import Testing

private struct Broken: Error, CustomStringConvertible {
  let description = "disk full"
}

struct HealthRegistryTests {
  @Test func `each dependency is asked and named`() async {
    let health = HealthRegistry(clock: FakeClock())
    health.addCheck("store") {}
    health.addCheck("outbox") { throw Broken() }
    health.addCheck("approval") { throw ServiceError(code: .unavailable, message: "away") }
    let findings = await health.look()
    #expect(findings.map(\.name) == ["store", "outbox", "approval"])
    #expect(findings.map(\.problem) == [nil, "disk full", "away"])
  }

  @Test(.timeLimit(.minutes(10)))
  func `a dependency that does not answer is given up`() async {
    let clock = FakeClock()
    let health = HealthRegistry(clock: clock)
    health.addCheck("store") {
      try await clock.sleep(until: clock.now().adding(milliseconds: 1 << 40))
    }
    async let looked = health.look()
    #expect(await clock.waitForSleepers(2))
    clock.advance(milliseconds: HealthRegistry.checkMsMax)
    #expect(await looked.map(\.problem) == ["no answer within 2000 ms"])
  }

  @Test(.timeLimit(.minutes(10)))
  func `watchers hear now and each change`() async {
    let health = HealthRegistry(clock: FakeClock())
    var changes = health.changes().makeAsyncIterator()
    #expect(await changes.next() == false)
    health.beginServing()
    #expect(await changes.next() == true)
    #expect(health.isServing)
    health.beginServing()
    health.stopServing()
    #expect(await changes.next() == false)
    #expect(await changes.next() == nil)
    health.beginServing()
    #expect(!health.isServing)
  }

  @Test(.timeLimit(.minutes(10)))
  func `who comes while the process stops hears that and no more`() async {
    let health = HealthRegistry(clock: FakeClock())
    health.stopServing()
    var changes = health.changes().makeAsyncIterator()
    #expect(await changes.next() == false)
    #expect(await changes.next() == nil)
  }
}
