import Synchronization
import Testing

@testable import IntakeCore

struct OrderedWorkTests {
  /// What is under way at once, and the most that ever was.
  private struct Load {
    var now = 0
    var most = 0
  }

  @Test(arguments: [1, 2, 7, 32])
  func `answers come in order, and never more than the width is held`(width: Int) async throws {
    let count = 200
    let load = Mutex(Load())
    let given = Mutex(0)
    let work = OrderedWork<Int, Int>(
      width: width,
      next: {
        given.withLock { given in
          defer { given += 1 }
          return given < count ? given : nil
        }
      },
      work: { item in
        load.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        // The later ones of a few end first.
        for _ in 0..<((7 - item % 7) * 3) { await Task.yield() }
        load.withLock { $0.now -= 1 }
        return item
      })
    var answers: [Int] = []
    try await work.run { answer in
      answers.append(answer)
      let ahead = given.withLock { $0 } - answers.count
      #expect(ahead <= width)
    }
    #expect(answers == Array(0..<count))
    #expect(load.withLock { $0.most } <= width)
  }

  @Test func `what one item throws ends all`() async {
    struct Wrong: Error {}
    let given = Mutex(0)
    let work = OrderedWork<Int, Int>(
      width: 4,
      next: {
        given.withLock { given in
          given += 1
          return given
        }
      },
      work: { if $0 == 10 { throw Wrong() } else { $0 } })
    await #expect(throws: Wrong.self) { try await work.run { _ in } }
  }

  @Test func `a stream without items ends at once`() async throws {
    let work = OrderedWork<Int, Int>(width: 4, next: { nil }, work: { $0 })
    try await work.run { _ in Issue.record("there was nothing to answer") }
  }
}
