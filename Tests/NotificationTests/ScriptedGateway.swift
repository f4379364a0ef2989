import DomainModel
import NotificationGateways
import Synchronization

/// A gateway that answers by a script, and remembers what it was handed.
final class ScriptedGateway: MessageGateway {
  enum Answer: Sendable {
    case taken
    case refused(String)
    case later(String)
    /// Each segment with its provider's id, of which receipts may follow.
    case submitted([String])
    /// Nobody answers.
    case silent
  }

  private struct State {
    var script: [Answer]
    var otherwise: Answer
    var handed: [OutgoingMessage] = []
  }

  let name = "scripted"
  let sendMsMax: Int64 = 1_000
  private let state: Mutex<State>

  /// Answers by `script`, one a message, and then always with `otherwise`.
  init(_ script: [Answer] = [], otherwise: Answer = .taken) {
    self.state = Mutex(State(script: script, otherwise: otherwise))
  }

  var handed: [OutgoingMessage] { self.state.withLock { $0.handed } }

  /// What it answers from now on.
  func answer(_ answer: Answer) {
    self.state.withLock { state in
      state.script = []
      state.otherwise = answer
    }
  }

  func send(_ message: OutgoingMessage) async -> SendReport {
    let answer = self.state.withLock { state in
      state.handed.append(message)
      return state.script.isEmpty ? state.otherwise : state.script.removeFirst()
    }
    switch answer {
    case .taken:
      return SendReport(
        gateway: self.name, .delivered(at: Timestamp(milliseconds: 1_773_104_500_000)),
        providerIDs: ["p-1"])
    case .submitted(let ids):
      return SendReport(gateway: self.name, .submitted, providerIDs: ids)
    case .silent:
      return SendReport(gateway: self.name, .unknown(code: "ANSWER_TIMEOUT"))
    case .refused(let code):
      return SendReport(gateway: self.name, .refused(code: code, .forGood))
    case .later(let code):
      return SendReport(gateway: self.name, .refused(code: code, .forNow(retryAfterMs: nil)))
    }
  }
}
