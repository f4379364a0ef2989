import DomainModel
import Synchronization

/// What the simulated SMSC knows over all its connections: which short messages came, which texts
/// they make, and which receipts have not been taken.
public final class SMSCBoard: Sendable {
  /// A text that is complete.
  public struct Text: Hashable, Sendable {
    /// To whom.
    public let phone: String
    /// The whole.
    public let text: String
    /// In how many short messages it came.
    public let segments: Int
  }

  private struct State {
    var submits = 0
    var taken = 0
    var texts: [Text] = []
    var parts: [String: [UInt8: [UInt8]]] = [:]
    var nextID: UInt64
    /// Receipts whose connection went before they were taken.
    var held: [SMSCReceipt] = []
    var receiptsTaken = 0
    var receiptsPutOff = 0
    var logins = 0
    var faults = 0
    var first: Timestamp?
    var last: Timestamp?
  }

  private let keepsTexts: Bool
  private let state: Mutex<State>

  /// A board; the first message has the id `firstID`. Without texts it only counts.
  public init(firstID: UInt64 = 0xA000_0001, keepsTexts: Bool = true) {
    self.keepsTexts = keepsTexts
    self.state = Mutex(State(nextID: firstID))
  }

  /// Every complete text, in the order in which they became so.
  public var texts: [Text] { self.state.withLock { $0.texts } }
  /// How many short messages came.
  public var submits: Int { self.state.withLock { $0.submits } }
  /// How many of them were taken.
  public var taken: Int { self.state.withLock { $0.taken } }
  /// From the first short message that came to the last, or to the last receipt that was taken, in
  /// milliseconds.
  public var spanMs: Int64 {
    self.state.withLock { state in
      guard let first = state.first, let last = state.last else { return 0 }
      return last.milliseconds - first.milliseconds
    }
  }
  /// How often somebody was let in.
  public var logins: Int { self.state.withLock { $0.logins } }
  /// How many receipts the client has.
  public var receiptsTaken: Int { self.state.withLock { $0.receiptsTaken } }
  /// How many receipts the client could not keep.
  public var receiptsPutOff: Int { self.state.withLock { $0.receiptsPutOff } }
  /// How many PDUs of clients could not be read.
  public var faults: Int { self.state.withLock { $0.faults } }

  func letIn() -> [SMSCReceipt] {
    self.state.withLock { state in
      state.logins += 1
      defer { state.held = [] }
      return state.held
    }
  }

  func came(_ now: Timestamp) -> Int {
    self.state.withLock { state in
      state.submits += 1
      state.first = state.first ?? now
      state.last = now
      return state.submits
    }
  }

  func fault() {
    self.state.withLock { $0.faults += 1 }
  }

  /// Takes a short message; its id.
  func take(_ submit: SMSCSubmit) -> UInt64 {
    self.state.withLock { state in
      state.taken += 1
      if self.keepsTexts { Self.note(submit, &state) }
      defer { state.nextID += 1 }
      return state.nextID
    }
  }

  private static func note(_ submit: SMSCSubmit, _ state: inout State) {
    guard submit.hasHeader, submit.text.count >= 6 else {
      state.texts.append(
        Text(phone: submit.phone, text: Self.text(submit.text[...]), segments: 1))
      return
    }
    let (reference, count, number) = (submit.text[3], submit.text[4], submit.text[5])
    let key = "\(submit.phone) \(reference) \(count)"
    state.parts[key, default: [:]][number] = Array(submit.text[6...])
    guard let parts = state.parts[key], parts.count == Int(count) else { return }
    state.parts[key] = nil
    let bytes = parts.sorted { $0.key < $1.key }.flatMap(\.value)
    state.texts.append(
      Text(phone: submit.phone, text: Self.text(bytes[...]), segments: Int(count)))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
    return String(decoding: units, as: UTF16.self)
  }

  func hold(_ receipts: [SMSCReceipt]) {
    self.state.withLock { $0.held += receipts }
  }

  func receiptAnswered(isKept: Bool, _ now: Timestamp) {
    self.state.withLock { state in
      state.last = now
      if isKept { state.receiptsTaken += 1 } else { state.receiptsPutOff += 1 }
    }
  }
}
