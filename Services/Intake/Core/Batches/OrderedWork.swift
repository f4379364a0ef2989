/// Works off a stream of items, some at once, and hands over the answers in the items' order.
///
/// An answer leaves as soon as it is its turn, also while the stream gives no further item: who
/// waits for an answer before he sends the next item is not kept waiting. At most `width` items are
/// held, from when they are read until they are answered; so a stream that is answered slowly is
/// read slowly.
struct OrderedWork<Item: Sendable, Answer: Sendable>: Sendable {
  private enum Event: Sendable {
    case item(Item?)
    case answer(number: Int, Answer)
  }

  /// How many items are held at most.
  let width: Int
  /// The next item; nil after the last. It is called again only once it has returned.
  let next: @Sendable () async throws -> Item?
  /// What becomes of an item; it is called for several at once.
  let work: @Sendable (Item) async throws -> Answer

  /// Runs to the stream's end. What anything throws ends all of it.
  func run(_ hand: (Answer) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Event.self) { group in
      var ready: [Int: Answer] = [:]
      var (taken, handed) = (0, 0)
      var (isReading, hasEnded) = (true, false)
      group.addTask { .item(try await self.next()) }
      while let event = try await group.next() {
        switch event {
        case .item(nil): (isReading, hasEnded) = (false, true)
        case .item(let item?):
          let number = taken
          group.addTask { .answer(number: number, try await self.work(item)) }
          (taken, isReading) = (taken + 1, false)
        case .answer(let number, let answer):
          ready[number] = answer
          while let answer = ready.removeValue(forKey: handed) {
            try await hand(answer)
            handed += 1
          }
        }
        if !isReading && !hasEnded && taken - handed < self.width {
          isReading = true
          group.addTask { .item(try await self.next()) }
        }
      }
    }
  }
}
