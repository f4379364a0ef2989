package import DomainModel

/// One connection to a provider, from the first byte to the last, as a machine: bytes, times and
/// short messages in; bytes and events out. No socket, no task, no clock.
///
/// Its owner sends `takeOutput()` after each call, calls `tick` now and then, and closes the
/// connection when it hears `closed`. Every short message that was taken in is answered exactly
/// once, at the latest just before `closed`.
package struct CarrierSession<Dialect: CarrierDialect>: Sendable {
  /// Where it stands.
  package enum Phase: Hashable, Sendable {
    case loggingIn
    case open
    /// It takes nothing new, waits for answers, and says goodbye.
    case leaving
    case closed
  }

  /// Where it stands.
  package private(set) var phase = Phase.loggingIn
  /// How many short messages have no answer yet.
  package var inFlightCount: Int { self.inFlight.count }
  /// How many receipts wait to be kept.
  package private(set) var unkeptCount = 0
  /// How many short messages wait for their turn.
  package var waitingCount: Int { self.waiting.count }

  let limits: CarrierLimits
  var dialect: Dialect
  private var frames = FrameBuffer(
    headerBytes: Dialect.headerBytes, frameBytesMax: Dialect.frameBytesMax)
  private var output: [UInt8] = []
  private var events: [SessionEvent] = []
  private var lastSequence: UInt32 = 0

  private var waiting = Line<Waiting>()
  private var inFlight: [UInt32: InFlight] = [:]
  private var late = LateSends()
  private var pace: Pace
  private var pulse: Pulse
  private var loginSequence: UInt32 = 0

  private struct Waiting: Sendable {
    let ticket: SegmentTicket
    let segment: OutgoingSegment
    let since: Timestamp
    /// Why it was not taken before; empty for a first try.
    var code = ""
  }

  private struct InFlight: Sendable {
    let was: Waiting
    let bytes: [UInt8]
    var sentAt: Timestamp
    var sends = 1
  }

  /// A connection that was just made: it asks to be let in. `jitter` is any number.
  package init(_ dialect: Dialect, _ limits: CarrierLimits, jitter: UInt64, now: Timestamp) throws {
    self.dialect = dialect
    self.limits = limits
    self.pace = Pace(windowMax: limits.windowMax, backoff: limits.throttled, jitter: jitter)
    self.pulse = Pulse(now)
    self.loginSequence = self.nextSequence()
    self.output = try self.dialect.login(sequence: self.loginSequence, now: now)
  }

  /// The bytes to be sent next.
  package mutating func takeOutput() -> [UInt8] {
    defer { self.output.removeAll() }
    return self.output
  }

  private mutating func takeEvents() -> [SessionEvent] {
    defer { self.events.removeAll() }
    return self.events
  }

  private mutating func nextSequence() -> UInt32 {
    self.lastSequence = self.lastSequence >= Dialect.sequenceMax ? 1 : self.lastSequence + 1
    return self.lastSequence
  }
}

/// Which short message of whose an event is about.
package struct SegmentTicket: Hashable, Sendable {
  /// The send it belongs to, a number of the owner's that grows.
  package let send: Int
  /// Which segment, from 0.
  package let segment: Int
  /// The message, for an answer that comes when the send is over.
  package let messageID: String
  /// Which try of it.
  package let attempt: Int

  /// A ticket.
  package init(send: Int, segment: Int, messageID: String, attempt: Int) {
    self.send = send
    self.segment = segment
    self.messageID = messageID
    self.attempt = attempt
  }

  func isAfter(_ other: SegmentTicket) -> Bool {
    (self.send, self.segment) > (other.send, other.segment)
  }
}

/// What a session has to say.
package enum SessionEvent: Hashable, Sendable {
  /// We are let in.
  case opened
  /// What became of a short message, and how often it was sent.
  case answered(SegmentTicket, SegmentAnswer, sends: Int)
  /// The answer to one that was `unanswered`.
  case lateAnswer(SegmentTicket, SegmentAnswer)
  /// To be kept, and then answered by `confirm`.
  case delivery(CarrierDelivery)
  /// The end: nothing comes after it.
  case closed(SessionEnd)
}

/// Why a connection ended.
package enum SessionEnd: Hashable, Sendable, CustomStringConvertible {
  /// We went.
  case left
  /// The provider went.
  case dismissed
  /// We were not let in.
  case loginRefused(code: String)
  /// It says nothing any more.
  case silent
  /// It sent what cannot be understood.
  case malformed(PDUFault)
  /// It sent what has no place where the session stands.
  case outOfPlace
  /// The connection is gone.
  case lost

  /// For the log.
  package var description: String {
    switch self {
    case .left: "left"
    case .dismissed: "the provider ended it"
    case .loginRefused(let code): "login refused: \(code)"
    case .silent: "silent"
    case .malformed(let fault): "malformed: \(fault.rawValue)"
    case .outOfPlace: "a request out of place"
    case .lost: "lost"
    }
  }
}

extension CarrierSession {
  /// Takes short messages in, to be sent in this order, as far as the window allows now. Returns
  /// false, and takes none of them, where the session is not open or too many wait.
  package mutating func submit(
    _ segments: [(SegmentTicket, OutgoingSegment)], now: Timestamp
  ) -> Bool {
    guard self.phase == .open else { return false }
    guard self.waiting.count + segments.count <= self.limits.waitingMax else { return false }
    for (ticket, segment) in segments {
      self.waiting.append(Waiting(ticket: ticket, segment: segment, since: now))
    }
    self.pump(now)
    return true
  }

  /// What was read from the connection.
  package mutating func receive(_ bytes: [UInt8], now: Timestamp) -> [SessionEvent] {
    guard self.phase != .closed else { return [] }
    self.frames.append(bytes)
    var frame: ArraySlice<UInt8>?
    do throws(PDUFault) {
      while self.phase != .closed {
        frame = nil
        frame = try self.frames.next()
        guard let frame else { break }
        self.take(try self.dialect.read(frame), now)
        // Only whole PDUs count: half a one that drips is silence.
        self.pulse.heard(now)
      }
    } catch {
      self.output += self.dialect.complaint(error, frame: frame) ?? []
      self.close(.malformed(error))
    }
    self.pump(now)
    return self.takeEvents()
  }

  /// Looks at the time: answers that did not come, waits that are over, silence.
  package mutating func tick(_ now: Timestamp) -> [SessionEvent] {
    guard self.phase != .closed else { return [] }
    self.sendAgainOrGiveUp(now)
    self.probe(now)
    self.pump(now)
    return self.takeEvents()
  }

  /// The connection is gone.
  package mutating func lost() -> [SessionEvent] {
    self.close(self.phase == .leaving ? .left : .lost)
    return self.takeEvents()
  }

  /// Takes nothing new, and goes once what was sent is answered.
  package mutating func leave(_ now: Timestamp) -> [SessionEvent] {
    guard self.phase != .closed else { return [] }
    if self.phase == .loggingIn { self.close(.left) }
    if self.phase == .open {
      self.phase = .leaving
      self.endWaiting("GATEWAY_STOPPING")
      self.farewellIfDone()
    }
    return self.takeEvents()
  }

  /// Answers a delivery that is kept, or cannot be kept now.
  package mutating func confirm(_ delivery: CarrierDelivery, isKept: Bool) {
    self.unkeptCount -= 1
    guard self.phase != .closed else { return }
    self.output += self.dialect.answer(delivery, isKept: isKept) ?? []
  }
}

extension CarrierSession {
  private mutating func take(_ signal: CarrierSignal, _ now: Timestamp) {
    switch signal {
    case .welcome:
      guard self.phase == .loggingIn else { return self.close(.outOfPlace) }
      self.phase = .open
      self.events.append(.opened)
    case .loginRefused(let code): self.close(.loginRefused(code: code))
    case .answered(let sequence, let answer): self.answered(sequence, answer, now)
    case .delivery(let delivery):
      guard self.phase != .loggingIn else { return self.close(.outOfPlace) }
      self.unkeptCount += 1
      self.events.append(.delivery(delivery))
    case .request(let answer): self.output += answer
    case .farewell(let answer):
      self.output += answer
      self.close(self.phase == .leaving ? .left : .dismissed)
    case .farewellAnswered: self.close(self.phase == .leaving ? .left : .outOfPlace)
    case .nothing: break
    }
  }

  private mutating func answered(_ sequence: UInt32, _ answer: SegmentAnswer, _ now: Timestamp) {
    if self.phase == .loggingIn {
      guard sequence == self.loginSequence, case .refused(let code, _) = answer else { return }
      return self.close(.loginRefused(code: code))
    }
    guard let sent = self.inFlight.removeValue(forKey: sequence) else {
      if let ticket = self.late.remove(sequence) { self.events.append(.lateAnswer(ticket, answer)) }
      return
    }
    switch answer {
    case .refused(let code, .throttled) where self.phase == .open:
      self.pace.slowDown(now)
      var again = sent.was
      again.code = code
      self.waiting.insert(again) { $0.ticket.isAfter(again.ticket) }
    case .refused(let code, .repeated) where sent.sends > 1:
      self.end(sent.was, .unanswered(code: code), sends: sent.sends)
    default:
      if case .taken = answer { self.pace.speedUp() }
      self.end(sent.was, answer, sends: sent.sends)
    }
    self.farewellIfDone()
  }

  private mutating func end(_ waiting: Waiting, _ answer: SegmentAnswer, sends: Int) {
    self.events.append(.answered(waiting.ticket, answer, sends: sends))
  }

  /// Sends what waits, as far as the window and the provider's patience allow.
  private mutating func pump(_ now: Timestamp) {
    guard self.phase == .open else { return }
    while let first = self.waiting.first,
      first.since.adding(milliseconds: self.limits.holdMs) <= now
    {
      _ = self.waiting.popFirst()
      let code = first.code.isEmpty ? "GATEWAY_BUSY" : first.code
      self.end(first, .notSent(code: code), sends: 0)
    }
    while self.inFlight.count < self.pace.window, !self.pace.isPaused(now),
      let next = self.waiting.popFirst()
    {
      let sequence = self.nextSequence()
      let bytes = self.dialect.submit(next.segment, sequence: sequence)
      self.output += bytes
      self.inFlight[sequence] = InFlight(was: next, bytes: bytes, sentAt: now)
    }
  }

  private mutating func sendAgainOrGiveUp(_ now: Timestamp) {
    let due = self.inFlight.filter {
      $0.value.sentAt.adding(milliseconds: self.limits.answerMs) <= now
    }
    for (sequence, sent) in due.sorted(by: { $1.value.was.ticket.isAfter($0.value.was.ticket) }) {
      if sent.sends < self.limits.sendsMax {
        self.inFlight[sequence]?.sends += 1
        self.inFlight[sequence]?.sentAt = now
        self.output += sent.bytes
      } else {
        self.inFlight[sequence] = nil
        self.late.add(sequence, sent.was.ticket, max: self.limits.lateMax)
        self.end(sent.was, .unanswered(code: "NO_ANSWER"), sends: sent.sends)
      }
    }
    if !due.isEmpty { self.farewellIfDone() }
  }

  private mutating func probe(_ now: Timestamp) {
    let isOpen = self.phase != .loggingIn
    switch self.pulse.next(now, self.limits, isOpen: isOpen) {
    case .wait: break
    case .ask: self.output += self.dialect.probe(sequence: self.nextSequence())
    case .giveUp: self.close(.silent)
    }
  }

  private mutating func farewellIfDone() {
    guard self.phase == .leaving, self.inFlight.isEmpty else { return }
    self.output += self.dialect.farewell(sequence: self.nextSequence())
  }

  private mutating func endWaiting(_ code: String) {
    for waiting in self.waiting.removeAll() { self.end(waiting, .notSent(code: code), sends: 0) }
  }

  private mutating func close(_ end: SessionEnd) {
    guard self.phase != .closed else { return }
    self.phase = .closed
    let sent = self.inFlight.values.sorted { $1.was.ticket.isAfter($0.was.ticket) }
    self.inFlight.removeAll()
    for sent in sent {
      self.end(sent.was, .unanswered(code: "CONNECTION_LOST"), sends: sent.sends)
    }
    self.endWaiting("CONNECTION_LOST")
    self.events.append(.closed(end))
  }
}
