import DomainModel
import Synchronization
import Testing

@testable import Storage

/// How many lanes may go to a destination, and when to one that cannot be reached.
@Suite struct DestinationSlotsTests {
  private static let random = SeededRandom()
  private static let start = Timestamp(milliseconds: 1_000_000)

  private static func slots(
    lanesMax: Int = 4, onRoom: @escaping @Sendable () -> Void = {}
  ) -> DestinationSlots {
    var limits = OutboxLimits()
    limits.lanesMax = lanesMax
    limits.awayBackoff = Backoff(firstMs: 100, maxMs: 400)
    return DestinationSlots(limits, onRoom: onRoom)
  }

  @Test func `one that hangs fills its own slots only`() {
    let slots = Self.slots(lanesMax: 2)
    let taken = ["a", "a", "b"].map(slots.take)
    #expect(slots.rooms(Self.start) == ["a": .init(free: 0), "b": .init(free: 1)])
    withExtendedLifetime(taken) {}
  }

  @Test func `a slot is free again when nobody holds it`() {
    let slots = Self.slots(lanesMax: 1)
    do {
      let taken = slots.take("a")
      #expect(slots.rooms(Self.start) == ["a": .init(free: 0)])
      withExtendedLifetime(taken) {}
    }
    #expect(slots.rooms(Self.start) == ["a": .init(free: 1)])
  }

  @Test func `a new lane gets one once somebody has looked that no older one waits`() {
    let slots = Self.slots(lanesMax: 1)
    #expect(slots.takeForNew("a", Self.start) == nil)
    slots.note(behind: ["b"])
    do {
      let taken = slots.takeForNew("a", Self.start)
      #expect(taken != nil)
      #expect(slots.takeForNew("a", Self.start) == nil)
      #expect(slots.takeForNew("b", Self.start) == nil)
      withExtendedLifetime(taken) {}
    }
    #expect(slots.takeForNew("a", Self.start) != nil)
  }

  @Test func `a new lane gets none to a destination that was not reached`() {
    let slots = Self.slots()
    slots.note(behind: [])
    _ = slots.missed("a", Self.start, Self.random)
    let later = Self.start.adding(milliseconds: 1_000)
    #expect(slots.rooms(later)["a"] == .init(free: 1))
    #expect(slots.takeForNew("a", later) == nil)
  }

  @Test func `room that was waited for is told once`() {
    let told = Mutex(0)
    let slots = Self.slots(lanesMax: 1) { told.withLock { $0 += 1 } }
    do {
      let taken = slots.take("a")
      #expect(!slots.want(["a"], Self.start))
      withExtendedLifetime(taken) {}
    }
    _ = slots.take("a")
    #expect(told.withLock(\.self) == 1)
    #expect(slots.want(["a"], Self.start))
  }

  @Test func `one that is away is left alone, then tried with one lane`() throws {
    let slots = Self.slots()
    #expect(slots.missed("a", Self.start, Self.random) == .lost(failures: 1))
    let room = try #require(slots.rooms(Self.start)["a"])
    let waitMs = try #require(room.opensInMs)
    #expect(room.free == 0 && (50...100).contains(waitMs))
    let then = Self.start.adding(milliseconds: waitMs)
    #expect(slots.rooms(then)["a"] == .init(free: 1))
    let taken = slots.take("a")
    #expect(slots.rooms(then)["a"] == .init(free: 0))
    withExtendedLifetime(taken) {}
    #expect(slots.away == ["a"])
  }

  @Test func `what was under way together counts as one failure`() {
    let slots = Self.slots()
    for _ in 0..<64 { _ = slots.missed("a", Self.start, Self.random) }
    #expect(slots.reached("a") == .found(failures: 1))
  }

  @Test func `it is left alone for longer each time, up to a bound`() throws {
    let slots = Self.slots()
    var now = Self.start
    var waits: [Int64] = []
    for _ in 0..<6 {
      _ = slots.missed("a", now, Self.random)
      let waitMs = try #require(slots.rooms(now)["a"]?.opensInMs)
      waits.append(waitMs)
      now = now.adding(milliseconds: waitMs)
    }
    #expect((100...200).contains(waits[1]))
    #expect(waits.dropFirst(2).allSatisfy { (200...400).contains($0) })
  }

  @Test func `an answer opens it at once`() {
    let slots = Self.slots()
    _ = slots.missed("a", Self.start, Self.random)
    #expect(slots.reached("a") == .found(failures: 1))
    #expect(slots.rooms(Self.start)["a"] == .init(free: 4))
    #expect(slots.reached("a") == .none)
  }

  @Test func `a clock that was set back leaves nobody alone for longer`() {
    let slots = Self.slots()
    _ = slots.missed("a", Self.start, Self.random)
    let before = Self.start.adding(milliseconds: -3_600_000)
    #expect(slots.rooms(before)["a"] == .init(free: 1))
  }
}
