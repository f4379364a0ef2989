import DomainModel
import Foundation
import Storage
import Testing

/// The same history on every engine: every answer and, at its end, every row are equal.
@Suite struct HistoriesTests {
  private static let isLong = ProcessInfo.processInfo.environment["ANJU_LONG"] == "1"
  private static let seeds: ClosedRange<UInt64> = isLong ? 1...200 : 1...12
  private static let stepCount = 250

  /// What a history leads to on one engine.
  private static func trace(
    _ steps: [HistoryStep], _ backend: Backend
  ) async throws -> (answers: [String], rows: [String]) {
    let time = FakeTime()
    var answers: [String] = []
    var rows: [String] = []
    try await backend.withStore(HistoryWorld.schema, time: time) { store in
      let world = HistoryWorld(store: store, time: time)
      for step in steps { answers.append(await world.answer(step)) }
      rows = try await world.rows()
    }
    return (answers, rows)
  }

  @Test(.onPostgres, arguments: seeds)
  func `a history has the same answers and rows on both engines`(_ seed: UInt64) async throws {
    let steps = RandomHistory.steps(seed: seed, count: Self.stepCount)
    let first = try await Self.trace(steps, .memory)
    let second = try await Self.trace(steps, .postgres)
    for (index, answers) in zip(first.answers, second.answers).enumerated()
    where answers.0 != answers.1 {
      Issue.record(
        "step \(index), \(steps[index]): SQLite says \(answers.0), PostgreSQL \(answers.1)")
      return
    }
    #expect(first.rows == second.rows)
    // The history was one: things were made, and refused in more than one way.
    #expect(first.rows.count > 20)
    #expect(Set(first.answers).count > 30)
  }

  @Test func `two seeds give two histories, one seed the same`() {
    let one = RandomHistory.steps(seed: 1, count: 50)
    #expect(one == RandomHistory.steps(seed: 1, count: 50))
    #expect(one != RandomHistory.steps(seed: 2, count: 50))
  }
}
