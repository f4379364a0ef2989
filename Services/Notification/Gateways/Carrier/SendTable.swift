/// The sends that are not over: each is answered when its last short message is.
struct SendTable: Sendable {
  typealias Asker = CheckedContinuation<SendReport, Never>

  private struct Send: Sendable {
    let asker: Asker
    var answers: [SegmentAnswer?]
    var left: Int
    var repeats = 0
  }

  private var sends: [Int: Send] = [:]
  private var last = 0

  var count: Int { self.sends.count }

  /// Begins a send; a ticket for each of its segments.
  mutating func add(_ message: OutgoingMessage, _ asker: Asker) -> [SegmentTicket] {
    self.last += 1
    let count = message.segments.count
    self.sends[self.last] = Send(
      asker: asker, answers: Array(repeating: nil, count: count), left: count)
    return (0..<count).map {
      SegmentTicket(
        send: self.last, segment: $0, messageID: message.messageID, attempt: message.attempt)
    }
  }

  /// Drops a send that has not begun; its asker is told otherwise.
  mutating func forget(_ send: Int) {
    self.sends[send] = nil
  }

  /// Notes what became of a short message; if it was the last of its send, the asker and what it is
  /// to hear.
  mutating func note(
    _ ticket: SegmentTicket, _ answer: SegmentAnswer, sends: Int, gateway: String
  ) -> (Asker, SendReport)? {
    guard var send = self.sends.removeValue(forKey: ticket.send) else { return nil }
    send.answers[ticket.segment] = answer
    send.left -= 1
    send.repeats += max(0, sends - 1)
    guard send.left == 0 else {
      self.sends[ticket.send] = send
      return nil
    }
    let answers = send.answers.compactMap { $0 }
    let report = SendReport(
      gateway: gateway, Self.outcome(of: answers), providerIDs: answers.map(\.id),
      repeats: send.repeats)
    return (send.asker, report)
  }

  /// What a send's short messages come to: it is whole only where the provider has all of them. A
  /// refusal weighs more than a missing answer, because then the text cannot become whole.
  static func outcome(of answers: [SegmentAnswer]) -> SendOutcome {
    var later: String?
    var unknown: String?
    for answer in answers {
      switch answer {
      case .taken: break
      case .refused(let code, .forGood): return .refused(code: code, .forGood)
      case .refused(let code, _), .notSent(let code): later = later ?? code
      case .unanswered(let code): unknown = unknown ?? code
      }
    }
    if let later { return .refused(code: later, .forNow(retryAfterMs: nil)) }
    return unknown.map { .unknown(code: $0) } ?? .submitted
  }
}

extension SegmentAnswer {
  fileprivate var id: String? {
    if case .taken(let id) = self { id } else { nil }
  }
}
