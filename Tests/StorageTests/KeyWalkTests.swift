import DomainModel
import Storage
import Synchronization
import Testing

/// How a table is brought under every key while nobody waits for it.
@Suite struct KeyWalkTests {
  /// A table that is only looked at, and what was asked.
  private final class Looks: Sendable {
    let ring = Mutex(["one"])
    let asked = Mutex<[String]>([])

    /// The ids after which somebody looked, since this was asked last.
    var taken: [String] {
      self.asked.withLock { asked in
        defer { asked = [] }
        return asked
      }
    }

    func table(_ look: @escaping @Sendable (String) -> KeyWalk.Page) -> KeyWalk.Table {
      KeyWalk.Table(ring: { self.ring.withLock { $0 } }) { _, after in
        self.asked.withLock { $0.append(after) }
        return look(after)
      } add: { _, rows in
        rows.count
      }
    }
  }

  @Test func `what is known to be under every key is not looked at again`() async throws {
    try await Backend.memory.withStore { store in
      let (looks, time) = (Looks(), PassingTime())
      let table = looks.table { _ in KeyWalk.Page(missing: [], last: nil, count: 0) }
      let walk = KeyWalk(table, in: store, time: time)
      let began = time.now()
      try await expectEqual(walk.run(), 0)
      #expect(looks.taken == [""])
      _ = try await walk.run()
      let known = began.adding(milliseconds: -KeyWalk.overlapMs)
      #expect(looks.taken == [ID<Person>.least(at: known).text])
      looks.ring.withLock { $0 = ["two", "one"] }
      _ = try await walk.run()
      #expect(looks.taken == [""])
    }
  }

  @Test func `a ring that changes meanwhile leaves nothing known`() async throws {
    try await Backend.memory.withStore { store in
      let looks = Looks()
      let table = looks.table { _ in
        looks.ring.withLock { $0.append("more") }
        return KeyWalk.Page(missing: [], last: nil, count: 0)
      }
      let walk = KeyWalk(table, in: store, time: PassingTime())
      for _ in 0..<3 { _ = try await walk.run() }
      #expect(looks.taken == ["", "", ""])
    }
  }

  @Test func `pages follow one another, and what one lacks is written in bounded steps`()
    async throws
  {
    try await Backend.memory.withStore { store in
      let looks = Looks()
      let lacking = (0..<KeyWalk.lookMax).map { "a\($0)" }
      let table = looks.table { after in
        after.isEmpty
          ? KeyWalk.Page(missing: lacking, last: "z", count: KeyWalk.lookMax)
          : KeyWalk.Page(missing: ["zz"], last: "zz", count: 1)
      }
      try await expectEqual(
        KeyWalk(table, in: store, time: PassingTime()).run(), KeyWalk.lookMax + 1)
      #expect(looks.taken == ["", "z"])
    }
  }

  @Test(arguments: Backend.all)
  func `persons of several pages get their rows, and new ones in the next round`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(PersonDirectory.schema) { store in
      var both = FakeBlindIndex(keyID: "new")
      both.others = [FakeBlindIndex(keyID: "old")]
      let old = PersonDirectory(sealer: FakeSealer(), index: FakeBlindIndex(keyID: "old"))
      let new = PersonDirectory(sealer: FakeSealer(), index: both)
      let time = PassingTime()
      let count = KeyWalk.lookMax + 5
      let add: @Sendable (Range<Int>) async throws -> Void = { numbers in
        try await store.write { transaction in
          for number in numbers {
            _ = try old.findOrCreate(
              transaction, citizenID: "citizen-\(number)",
              newID: ID(now: time.now(), random: Bytes(number)), now: time.now())
          }
        }
      }
      try await add(0..<count)
      let keys = PersonKeys(store: store, persons: new, time: time, logger: .silent)
      try await expectEqual(keys.runOnce(), count)
      time.advance(2 * KeyWalk.overlapMs)
      try await add(count..<(count + 3))
      try await expectEqual(keys.runOnce(), 3)
      try await expectEqual(keys.runOnce(), 0)
    }
  }
}

/// A clock that passes as it is waited for.
private final class PassingTime: TimeSource {
  private let time = FakeTime()

  func now() -> Timestamp { self.time.now() }

  func advance(_ milliseconds: Int64) { self.time.advance(milliseconds) }

  func sleep(until deadline: Timestamp) async throws {
    self.time.advance(max(0, deadline.milliseconds - self.now().milliseconds))
  }
}

/// Random bytes that are a number.
private struct Bytes: RandomSource {
  let number: Int

  init(_ number: Int) { self.number = number }

  func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: self.number >> (8 * min(7, count - 1 - $0))) }
  }
}
