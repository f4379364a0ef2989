/// Sends that were given up without an answer, in case it comes late; the oldest is forgotten.
struct LateSends: Sendable {
  private var tickets: [UInt32: SegmentTicket] = [:]
  private var order = Line<UInt32>()

  mutating func add(_ sequence: UInt32, _ ticket: SegmentTicket, max: Int) {
    self.tickets[sequence] = ticket
    self.order.append(sequence)
    while self.order.count > max, let oldest = self.order.popFirst() { self.tickets[oldest] = nil }
  }

  mutating func remove(_ sequence: UInt32) -> SegmentTicket? {
    self.tickets.removeValue(forKey: sequence)
  }
}
