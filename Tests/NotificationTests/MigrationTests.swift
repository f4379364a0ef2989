import DomainModel
import NotificationCore
import RPC
import Storage
import TestSupport
import Testing
import Wire

struct MigrationTests {
  static let migrations = NotificationAssembly.migrations
  private typealias Filled = (NotificationFixture, [String], EarlierData)

  /// A message that is delivered, one that waits, and one that waits for its time.
  private static func filled() async throws -> Filled {
    let queue = try await NotificationFixture()
    let delivered = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let ids = [delivered, try await queue.enqueue(2)]
    _ = try await queue.schedule([.sample(after: 1, for: 48, queue.clock)])
    return (queue, ids, try await EarlierData(of: queue.store, Self.migrations))
  }

  @Test func `the data of this test fill every table`() async throws {
    let (_, _, data) = try await Self.filled()
    #expect(data.emptyTables == [])
  }

  @Test func `whatever a data key has sealed is found when the key is to go`() async throws {
    let (queue, _, _) = try await Self.filled()
    let left = try await SealWalk.placesLeft(
      of: queue.seals.dataKey, in: queue.store, NotificationAssembly.sealedTables)
    #expect(left == [])
  }

  @Test(arguments: TestEngine.all, EarlierData.versions(of: Self.migrations))
  func `what an earlier version holds is all there, and what waits is delivered`(
    _ engine: TestEngine, _ version: Int
  ) async throws {
    let (queue, ids, data) = try await Self.filled()
    var before: [NotificationV1.Message?] = []
    for id in ids { before.append(try await queue.message(id)) }
    try await engine.withStore(queue.clock) { store in
      let rows = try await data.write(
        to: store, on: engine, version: version, now: queue.clock.now())
      #expect(rows > 6)
      let again = try await NotificationFixture(again: queue, over: store)
      #expect(try await data.lost(in: store, since: version) == [])
      #expect(try await again.message(ids[0]) == before[0])
      #expect(try await again.message(ids[1]) == before[1])
      #expect(try await again.assembly.deliverOnce() == 1)
      #expect(try await again.message(ids[1])?.state == .delivered)
      let new = try await again.enqueue(3)
      #expect(!ids.contains(new))
      // Also a release that knows no more than that it is to be tried later sends it in its time.
      queue.clock.advance(milliseconds: 3_600_000)
      #expect(try await again.assembly.deliverOnce() == 2)
    }
  }
}
