import Testing

@testable import anju_load

struct AfterRunTests {
  /// When the outboxes were found empty that held so many messages, one look after the other.
  private static func settled(_ looks: [Int], since ended: Stopwatch) async throws -> Int64? {
    var left = looks[...]
    return try await AfterRun.settle(since: ended) { () -> Int in left.popFirst() ?? 0 }
  }

  @Test func `a backlog counts from the last call's end, not from the first look`() async throws {
    let ended = Stopwatch()
    try await Task.sleep(for: .milliseconds(40))
    let backlogMs = try #require(try await Self.settled([0, 0], since: ended))
    #expect(backlogMs >= 40)
  }

  @Test func `what is empty once may hold something at the next look`() async throws {
    let ended = Stopwatch()
    let backlogMs = try #require(try await Self.settled([3, 0, 1, 0, 0], since: ended))
    // Three looks were before, and 20 ms after each of them.
    #expect(backlogMs >= 60)
  }
}
