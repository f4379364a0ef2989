package import DomainModel

/// Which receipts are expected of a gateway by when. A pure value; it remembers a bounded number of
/// messages, which is enough to judge by.
package struct ReceiptWatch: Sendable {
  /// How many messages are watched at once; of more, those that come then are not.
  package static let watchedMax = 4_096
  /// How many receipts that came before their answer are remembered.
  package static let earlyMax = 256

  private let receiptMs: Int64
  private var expected: [String: Timestamp] = [:]
  private var order = Line<(id: String, by: Timestamp)>()
  private var early: Set<String> = []
  private var earlyOrder = Line<String>()

  /// How many it has in mind, those that were answered included.
  package var rememberedCount: Int { self.order.count + self.earlyOrder.count }

  /// A watch; 0 watches nothing.
  package init(receiptMs: Int64) {
    self.receiptMs = receiptMs
  }

  /// A short message was taken. Returns false for a receipt that is in time already.
  package mutating func sent(_ id: String, _ now: Timestamp) -> Bool? {
    guard self.receiptMs > 0 else { return nil }
    if self.early.remove(id) != nil { return false }
    guard self.expected.count < Self.watchedMax else { return nil }
    let by = now.adding(milliseconds: self.receiptMs)
    self.expected[id] = by
    self.order.append((id, by))
    if self.order.count > 2 * Self.watchedMax { self.dropAnswered() }
    return nil
  }

  /// A receipt came: false if it is in time; nil if nobody waits for it.
  package mutating func came(_ id: String) -> Bool? {
    guard self.receiptMs > 0 else { return nil }
    if self.expected.removeValue(forKey: id) != nil { return false }
    if self.early.insert(id).inserted {
      self.earlyOrder.append(id)
      if self.earlyOrder.count > Self.earlyMax, let oldest = self.earlyOrder.popFirst() {
        self.early.remove(oldest)
      }
    }
    return nil
  }

  /// The order names those too whose receipt has come; it is cleared of them now and then.
  private mutating func dropAnswered() {
    let left = self.order.removeAll().filter { self.expected[$0.id] == $0.by }
    for one in left { self.order.append(one) }
  }

  /// Expects nothing any more.
  package mutating func forgetAll() {
    self = ReceiptWatch(receiptMs: self.receiptMs)
  }

  /// How many have become late.
  package mutating func becameLate(_ now: Timestamp) -> Int {
    var count = 0
    while let first = self.order.first, first.by <= now {
      _ = self.order.popFirst()
      if self.expected[first.id] == first.by {
        self.expected[first.id] = nil
        count += 1
      }
    }
    return count
  }
}
