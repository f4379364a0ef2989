/// What may happen to one message's tries, in any order.
enum DeliveryEvent: Character, CaseIterable, Hashable {
  case submit = "s"
  case answer = "a"
  case timeout = "t"
  case receipt = "r"
  case secondReceipt = "R"
  case crash = "c"
}

/// What is to come of a message, whatever the order: a provider takes every try, its answers and
/// receipts come or not, and the process may die. So small that it can be seen to be right.
struct DeliveryModel: Hashable {
  enum State: Hashable { case queued, submitted, delivered }

  struct Try: Hashable {
    /// Whether the queue knows the provider's id for it.
    var isKnown = false
    /// Whether its answer may still come, after its time.
    var isAwaited = false
    var receipts = 0
  }

  private(set) var state = State.queued
  private(set) var tries: [Try] = []
  /// The last try runs.
  private(set) var isRunning = false
  /// The queue does not know whether a provider has the last try.
  private(set) var isInDoubt = false
  /// Tries that began in doubt: how often the handset may get it again.
  private(set) var possibleDuplicates = 0

  /// How many times the handset gets it in the end.
  var copies: Int { self.tries.count }

  /// Which try an event is about; nil where the event cannot be.
  func target(_ event: DeliveryEvent) -> Int? {
    switch event {
    case .submit: self.state == .queued && !self.isRunning ? self.tries.count : nil
    case .timeout, .crash: self.isRunning ? self.tries.count - 1 : nil
    case .answer:
      self.isRunning ? self.tries.count - 1 : self.tries.firstIndex { $0.isAwaited }
    case .receipt: self.tries.firstIndex { $0.receipts == 0 }
    case .secondReceipt: self.tries.firstIndex { $0.receipts == 1 }
    }
  }

  mutating func happen(_ event: DeliveryEvent) {
    guard let index = self.target(event) else { return }
    switch event {
    case .submit:
      if self.isInDoubt { self.possibleDuplicates += 1 }
      self.tries.append(Try())
      (self.isRunning, self.isInDoubt) = (true, true)
    case .timeout:
      self.isRunning = false
      self.tries[index].isAwaited = true
    case .crash:
      self.isRunning = false
      // Nobody is there any more to hear a late answer.
      for index in self.tries.indices { self.tries[index].isAwaited = false }
    case .answer:
      // A late one is of the last try, or of an earlier one that changes nothing for it.
      self.isRunning = false
      self.tries[index].isAwaited = false
      self.tries[index].isKnown = true
      if index == self.tries.count - 1 {
        self.isInDoubt = false
        if self.state == .queued { self.state = .submitted }
      }
      if self.tries[index].receipts > 0 { self.state = .delivered }
    case .receipt, .secondReceipt:
      self.tries[index].receipts += 1
      if self.tries[index].isKnown { self.state = .delivered }
    }
  }

  /// Every order of so many events, each with those left out that cannot be at their place.
  static func orders(upTo length: Int) -> (words: Int, orders: Set<[DeliveryEvent]>) {
    var words = 0
    var orders: Set<[DeliveryEvent]> = []
    func extend(_ model: DeliveryModel, _ order: [DeliveryEvent], _ left: Int) {
      words += 1
      orders.insert(order)
      if left == 0 { return }
      for event in DeliveryEvent.allCases {
        var next = model
        next.happen(event)
        let isPossible = model.target(event) != nil
        extend(next, isPossible ? order + [event] : order, left - 1)
      }
    }
    extend(DeliveryModel(), [], length)
    return (words, orders)
  }
}
