/// What a provider has said and nobody has kept yet, in order.
struct CarrierNews: Sendable {
  /// How much is kept at once.
  static let batchMax = 256
  /// How many late answers may wait while nothing can be kept; a message that one is of stays
  /// unknown.
  static let lateMax = 1_024

  /// One thing to keep, and the delivery that is answered then.
  struct Item: Sendable {
    let news: GatewayNews?
    let delivery: CarrierDelivery?
    /// The connection that it came from; answers to an older one go nowhere.
    let line: Int
  }

  private var items = Line<Item>()

  mutating func add(_ item: Item) {
    self.items.append(item)
  }

  /// What nobody brings again, late answers, waits to be kept another time; receipts come again.
  mutating func putBack(_ batch: [Item]) {
    for item in batch where item.delivery == nil && self.items.count < Self.lateMax {
      self.items.append(item)
    }
  }

  mutating func takeBatch() -> [Item] {
    var batch: [Item] = []
    while batch.count < Self.batchMax, let item = self.items.popFirst() { batch.append(item) }
    return batch
  }
}
