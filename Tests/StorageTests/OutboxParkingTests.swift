import DomainModel
import Logging
import Testing

@testable import Storage

/// What stops a lane, and how it goes on.
@Suite struct OutboxParkingTests {
  @Test(arguments: Backend.all)
  func `a parked message stops its own lane only, until it is unparked`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let dispatcher = fixture.dispatcher()
      fixture.receiver.fail("a/1", with: [OutboxTests.never])
      try await fixture.enqueue(["a/1", "a/2", "b/1"])
      try await expectEqual(dispatcher.deliverOnce(), 1)
      try await fixture.enqueue(["a/3", "b/2"])
      fixture.time.advance(86_400_000)
      try await expectEqual(dispatcher.deliverOnce(), 1)
      let parked = try await fixture.parked()
      #expect(parked.map(\.lane) == ["a"])
      #expect(parked.map(\.reason) == ["refused: CASE_WRONG_STATE: \(OutboxTests.never.message)"])
      let outbox = fixture.outbox
      let id = parked[0].id
      try await expectEqual(fixture.store.write { try outbox.unpark($0, id: id) }, true)
      try await expectEqual(fixture.store.write { try outbox.unpark($0, id: id) }, false)
      try await expectEqual(dispatcher.deliverOnce(), 3)
      #expect(fixture.receiver.sent == ["a/1", "b/1", "b/2", "a/1", "a/2", "a/3"])
    }
  }

  @Test(arguments: Backend.all)
  func `a refusal with a handler takes effect and frees the lane`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let dispatcher = fixture.dispatcher { effects in
        effects.onRefusal(OutboxFixture.method) { transaction, _, error in
          try transaction.execute("INSERT INTO answer (reply) VALUES (\(error.reason))")
        }
      }
      fixture.receiver.fail("a/1", with: [OutboxTests.never])
      try await fixture.enqueue(["a/1", "a/2"])
      try await expectEqual(dispatcher.deliverOnce(), 2)
      try await expectEqual(fixture.answers(), ["CASE_WRONG_STATE", "re: a/2"])
    }
  }

  @Test(arguments: Backend.all)
  func `an answer that cannot be handled parks the message and keeps nothing`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let dispatcher = fixture.dispatcher { effects in
        effects.onAnswer("/other") { transaction, _, _ in
          try transaction.execute("INSERT INTO answer (reply) VALUES ('half')")
          throw ServiceError(.caseNotFound)
        }
      }
      try await fixture.enqueue(["a/1"], method: "/other")
      try await expectEqual(dispatcher.deliverOnce(), 0)
      try await expectEqual(fixture.answers(), [])
      try await expectEqual(fixture.parked().count, 1)
    }
  }

  @Test(arguments: Backend.all)
  func `a payload that does not open parks its message`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await fixture.enqueue(["a/1", "b/1"])
      try await fixture.store.write {
        try $0.execute("UPDATE outbox SET payload = \([UInt8]([1, 2])) WHERE lane = 'a'")
      }
      try await expectEqual(fixture.dispatcher().deliverOnce(), 1)
      try await expectEqual(fixture.parked().map(\.lane), ["a"])
    }
  }

  @Test(arguments: Backend.all)
  func `all that is parked goes on at once`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let outbox = fixture.outbox
      let lanes = ["a", "b", "c"]
      for lane in lanes { fixture.receiver.fail("\(lane)/1", with: [OutboxTests.never]) }
      try await fixture.enqueue(lanes.map { "\($0)/1" })
      _ = try await fixture.dispatcher().deliverOnce()
      await #expect(throws: OutboxStandstill(parked: 3)) {
        try await outbox.checkParked(in: fixture.store)
      }
      try await expectEqual(fixture.store.write { try outbox.unparkAll($0, limit: 2) }, 2)
      try await expectEqual(fixture.store.write { try outbox.unparkAll($0, limit: 2) }, 1)
      try await outbox.checkParked(in: fixture.store)
      try await expectEqual(fixture.dispatcher().deliverOnce(), 3)
    }
  }

  @Test(arguments: Backend.all)
  func `what is parked is named again after a restart`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      fixture.receiver.fail("a/1", with: [OutboxTests.never])
      try await fixture.enqueue(["a/1"])
      _ = try await fixture.dispatcher().deliverOnce()
      let logs = CollectedLogs()
      await fixture.dispatcher(logger: logs.logger).tellParked()
      let line = try #require(logs.lines.first)
      #expect(line.level == .error)
      #expect(line.metadata["outbox.lane"] == "a")
      #expect(line.metadata["rpc.method"] == "\(OutboxFixture.method)")
      #expect(line.metadata["reason"]?.description.contains("CASE_WRONG_STATE") == true)
    }
  }

  @Test(
    arguments: [ServiceError.Code.unimplemented, .unauthenticated, .permissionDenied],
    Backend.all)
  func `a receiver not released yet is asked seldom, told loudly, and gets the message`(
    _ code: ServiceError.Code, _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let logs = CollectedLogs()
      let dispatcher = fixture.dispatcher(logger: logs.logger)
      let error = ServiceError(code: code, message: "no")
      fixture.receiver.fail("a/1", with: [error, error, error])
      try await fixture.enqueue(["a/1"])
      var mendMs = dispatcher.limits.mendBackoff.firstMs
      for attempts in 1...3 {
        try await expectEqual(dispatcher.deliverOnce(), 0)
        // Told at the first and the second failure, not at the third.
        #expect(logs.lines.filter { $0.level == .error }.count == min(attempts, 2))
        fixture.time.advance(mendMs / 2 - 1)
        _ = try await dispatcher.deliverOnce()
        #expect(fixture.receiver.sent.count == attempts)
        fixture.time.advance(mendMs / 2 + 1)
        mendMs *= 2
      }
      try await expectEqual(dispatcher.deliverOnce(), 1)
    }
  }

  @Test(arguments: Backend.all)
  func `why a message fails stays beside it, and is told at each doubling`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let logs = CollectedLogs()
      let dispatcher = fixture.dispatcher(logger: logs.logger)
      fixture.receiver.fail("a/1", with: Array(repeating: OutboxTests.later, count: 17))
      try await fixture.enqueue(["a/1"])
      for _ in 0..<17 {
        _ = try await dispatcher.deliverOnce()
        fixture.time.advance(dispatcher.limits.backoff.maxMs)
      }
      let row = try await fixture.store.read {
        try $0.row("SELECT attempts, last_error, failed_at FROM outbox")
      }
      try expectEqual(row?.int("attempts"), 17)
      try expectEqual(row?.text("last_error"), "unavailable STORE_UNAVAILABLE")
      let failedAt = fixture.time.now().adding(milliseconds: -dispatcher.limits.backoff.maxMs)
      try expectEqual(row?.timestamp("failed_at"), failedAt)
      #expect(logs.lines.map { $0.metadata["attempts"] } == ["4", "8", "16"])
      #expect(logs.lines.allSatisfy { $0.level == .warning })
    }
  }
}
