import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// What a person may have in progress at once: the policy's table of conflicts, and nothing else.
struct ConflictTests {
  /// The cheapest kinds to have in progress beside any other, and what the registry must know.
  private static func world(with kinds: [ApplicationKind]) async throws -> World {
    let world = try await World()
    world.registry.register(adultNumber, since: "2025-03-01", workplace: "旧单位")
    if !kinds.contains(.firstPermit), !kinds.contains(.conversionByRegistration) {
      world.registry.issue(adultNumber, to: "2026-03-20", .endorsementWindow)
    }
    return world
  }

  private static func submit(
    _ kind: ApplicationKind, in world: World
  ) async throws -> IntakeV1.SubmitApplicationResponse {
    let isAtCounter = kind == .confirmationSlip
    let caller = isAtCounter ? World.windowOfficer : World.integrator
    let draft = try await world.readyDraft(of: kind, by: isAtCounter ? .window : .app, caller)
    return try await world.submit(draft, acknowledging: true, by: caller)
  }

  @Test(arguments: ApplicationKind.allCases)
  func `beside each kind in progress goes what the table does not name`(
    first: ApplicationKind
  ) async throws {
    let conflicts = try PolicyData.rules.get().policy.kinds.conflicts
    for second in ApplicationKind.allCases {
      let world = try await Self.world(with: [first, second])
      // Both are about a permit that such a person does not have.
      let ofPermit: Set<ApplicationKind> = [.lossReport, .lossWithdrawal]
      let hasNone = [first, second].contains {
        $0 == .firstPermit || $0 == .conversionByRegistration
      }
      if hasNone, !ofPermit.isDisjoint(with: [first, second]) { continue }
      let received = try await Self.submit(first, in: world)
      #expect(received.submitted, "\(first)")
      if conflicts.ground(against: second, whileOpen: first) == nil {
        #expect(try await Self.submit(second, in: world).submitted, "\(second) beside \(first)")
        continue
      }
      let error = try await refusal { _ = try await Self.submit(second, in: world) }
      #expect(error.reason == "APPLICATION_ALREADY_OPEN", "\(second) beside \(first)")
      #expect(error.metadata["kind"] == first.rawValue)
      #expect(error.metadata["application_number"] == received.receipt?.applicationNumber)
    }
  }

  @Test func `after the end the next goes`() async throws {
    let world = try await World()
    let first = try await world.submitted(of: .lossReport)
    try await world.deliver()
    #expect(try await world.get(first.applicationID).state == .completed)
    _ = try await world.submitted(of: .cancellation)
  }

  @Test func `the database keeps a person to one of a kind that excludes itself`() async throws {
    let world = try await World()
    let first = try await world.submitted()
    let second = try await world.readyDraft()
    await #expect(throws: StorageError.uniqueViolation(constraint: "application_one_of_kind")) {
      try await world.store.write { transaction in
        try transaction.execute(
          """
          UPDATE application SET state = 'submitted', exclusive_kind = 'first_permit'
          WHERE application_id = \(second.applicationID)
          """
        )
      }
    }
    #expect(try await world.get(first.applicationID).state == .submitted)
  }

  @Test func `the database's open states are those of the rules`() async throws {
    let world = try await World()
    let index = try await world.store.read { snapshot in
      try snapshot.row("SELECT sql FROM sqlite_master WHERE name = 'application_one_of_kind'")?
        .text("sql")
    }
    let states = ApplicationState.open.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    #expect(index?.contains("WHERE state IN (\(states))") == true)
  }
}
