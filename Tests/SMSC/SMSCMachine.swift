import DomainModel
import NotificationGateways

/// One connection of the simulated SMSC: bytes in, what to do out.
struct SMSCMachine<Dialect: SMSCDialect> {
  enum Action {
    case send([UInt8], afterMs: Int64)
    /// A receipt, to be made when its time has come.
    case receipt(SMSCReceipt, afterMs: Int64)
    case close
  }

  private let dialect: Dialect
  private let account: SMSCAccount
  private let script: SMSCScript
  private let board: SMSCBoard
  private var frames = FrameBuffer(
    headerBytes: Dialect.headerBytes, frameBytesMax: Dialect.frameBytesMax)
  private var isIn = false
  private var sequence: UInt32 = 0
  /// Receipts that were sent and not answered.
  private var sent: [UInt32: SMSCReceipt] = [:]

  init(_ dialect: Dialect, _ account: SMSCAccount, _ script: SMSCScript, _ board: SMSCBoard) {
    self.dialect = dialect
    self.account = account
    self.script = script
    self.board = board
  }

  mutating func receive(_ bytes: some Collection<UInt8>, now: Timestamp) -> [Action] {
    self.frames.append(bytes)
    var actions: [Action] = []
    do {
      while let frame = try self.frames.next() {
        self.take(try self.dialect.read(frame, self.account), now, &actions)
      }
    } catch {
      self.board.fault()
      actions.append(.close)
    }
    return actions
  }

  /// The bytes of a receipt, which waits for its answer from now on.
  mutating func bytes(of receipt: SMSCReceipt) -> [UInt8] {
    self.sequence += 1
    self.sent[self.sequence] = receipt
    return self.dialect.receipt(receipt, sequence: self.sequence)
  }

  /// The connection is gone: what was not answered goes out on the next.
  mutating func ended() {
    self.board.hold(Array(self.sent.values))
    self.sent = [:]
  }

  private mutating func take(_ signal: SMSCSignal, _ now: Timestamp, _ actions: inout [Action]) {
    switch signal {
    case .login(let isLetIn, let answer):
      actions.append(.send(answer, afterMs: 0))
      self.isIn = isLetIn
      guard isLetIn else { return actions.append(.close) }
      actions += self.board.letIn().map { .receipt($0, afterMs: 0) }
    case .submit(let submit):
      guard self.isIn else { return actions.append(.close) }
      self.take(submit, now, &actions)
    case .receiptAnswer(let sequence, let isKept):
      guard let receipt = self.sent.removeValue(forKey: sequence) else { return }
      self.board.receiptAnswered(isKept: isKept, now)
      if !isKept { actions.append(.receipt(receipt, afterMs: 200)) }
    case .request(let answer): actions.append(.send(answer, afterMs: 0))
    case .farewell(let answer): actions += [.send(answer, afterMs: 0), .close]
    case .nothing: break
    }
  }

  private mutating func take(_ submit: SMSCSubmit, _ now: Timestamp, _ actions: inout [Action]) {
    let behaviour = self.script.behaviour(of: self.board.came(now))
    switch behaviour.answer {
    case .throttle, .full, .error:
      let answer = self.dialect.submitAnswer(submit, id: 0, behaviour.answer)
      return actions.append(.send(answer, afterMs: behaviour.delayMs))
    case .garbage: return actions.append(.send([0, 0, 0, 1, 0xFF], afterMs: behaviour.delayMs))
    case .ok, .none, .close: break
    }
    let id = self.board.take(submit)
    let receipts = submit.wantsReceipt ? self.receipts(of: submit, id, behaviour.receipt, now) : []
    let isEarly = behaviour.receipt == .early
    let after = isEarly ? 0 : behaviour.delayMs + behaviour.receiptMs
    if isEarly { actions += receipts.map { .receipt($0, afterMs: after) } }
    switch behaviour.answer {
    case .ok:
      let answer = self.dialect.submitAnswer(submit, id: id, .ok)
      actions.append(.send(answer, afterMs: behaviour.delayMs))
    case .close: actions.append(.close)
    default: break
    }
    if !isEarly { actions += receipts.map { .receipt($0, afterMs: after) } }
  }

  private func receipts(
    of submit: SMSCSubmit, _ id: UInt64, _ kind: SMSCScript.Receipt, _ now: Timestamp
  ) -> [SMSCReceipt] {
    let state =
      switch kind {
      case .failed: "UNDELIV"
      case .expired: "EXPIRED"
      default: "DELIVRD"
      }
    let receipt = SMSCReceipt(id: id, phone: submit.phone, state: state, at: now)
    let count = kind == .none ? 0 : kind == .twice ? 2 : 1
    return Array(repeating: receipt, count: count)
  }
}
