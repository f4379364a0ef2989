import DomainModel
import ServiceCore
import Storage
import TestSupport
import Wire

@testable import CertificateRegistryCore

extension RegistryFixture {
  /// Runs over a registry in a store of the engine that has issued permits to persons, from the
  /// first on, with a head after each so many.
  static func with(
    _ counts: [Int], _ engine: TestEngine, _ body: (RegistryFixture) async throws -> Void
  ) async throws {
    let registry = try await RegistryFixture()
    try await engine.withStore(registry.clock) { store in
      let registry = try await RegistryFixture(again: registry, over: store)
      var person = 0
      for count in counts {
        for _ in 0..<count {
          person += 1
          _ = try await registry.issue(person)
        }
        _ = try await registry.assembly.sequenceOnce()
        // The lease of the sequencer that made these.
        registry.clock.advance(milliseconds: 60_000)
      }
      try await body(registry)
    }
  }

  /// Runs the registry's jobs for as long as the body runs, but for those that look at what has
  /// tests of its own.
  func working(_ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for job in self.assembly.jobs where !["outbox", "issuing watch"].contains(job.name) {
        group.addTask { try await job.run() }
      }
      defer { group.cancelAll() }
      try await body()
    }
  }
}

extension RegistryV1.Permit {
  /// The permit without what the log says of it.
  var facts: Self {
    var permit = self
    permit.logState = .unspecified
    permit.leafIndex = 0
    return permit
  }
}
