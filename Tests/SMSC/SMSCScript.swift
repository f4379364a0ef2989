/// What the simulated SMSC does with which short message, in the order in which they come in. One
/// rule a line, the first that fits counts; what no rule says is answered at once and has one
/// receipt:
///
///     1-100    answer=throttle            # the first hundred
///     101-120  answer=none receipt=twice
///     121-     delay-ms=20 receipt=early
public struct SMSCScript: Hashable, Sendable {
  /// How a submit is answered.
  public enum Answer: Hashable, Sendable {
    case ok
    /// Too much: SMPP 0x58, CMPP 8.
    case throttle
    /// SMPP 0x14, CMPP 8.
    case full
    /// Refused with a number of the protocol's.
    case error(UInt32)
    /// Taken, and never answered.
    case none
    /// Taken, and the connection is closed before the answer.
    case close
    /// Bytes that are no PDU.
    case garbage
  }

  /// Which receipts a message has.
  public enum Receipt: String, Hashable, Sendable, CaseIterable {
    case once, twice, none, failed, expired
    /// Before the answer.
    case early
  }

  /// What happens to a message.
  public struct Behaviour: Hashable, Sendable {
    /// The answer.
    public var answer = Answer.ok
    /// The receipts.
    public var receipt = Receipt.once
    /// How long the answer takes, in milliseconds.
    public var delayMs: Int64 = 0
    /// How long after the answer the receipt comes, in milliseconds.
    public var receiptMs: Int64 = 0

    /// Answered at once, one receipt.
    public init() {}
  }

  /// Why a script cannot be read.
  public struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line and what is wrong with it.
    public let description: String
  }

  private var rules: [(range: ClosedRange<Int>, behaviour: Behaviour)] = []

  /// Everything is answered at once.
  public init() {}

  /// Reads a script.
  public init(text: String) throws(Mistake) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      let ends = first.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      let last = ends.count == 1 ? ends[0] : (ends[1] ?? Int.max)
      guard let from = ends[0], let last, ends.count <= 2, from <= last else {
        throw Mistake(description: "line \(index + 1): no range: \(first)")
      }
      var behaviour = Behaviour()
      for word in words.dropFirst() {
        guard behaviour.read(word) else {
          throw Mistake(description: "line \(index + 1): not understood: \(word)")
        }
      }
      self.rules.append((from...last, behaviour))
    }
  }

  /// What happens to the message of this number, from 1.
  public func behaviour(of number: Int) -> Behaviour {
    self.rules.first { $0.range.contains(number) }?.behaviour ?? Behaviour()
  }

  /// Whether two scripts say the same.
  public static func == (left: SMSCScript, right: SMSCScript) -> Bool {
    left.rules.elementsEqual(right.rules) { $0 == $1 }
  }

  /// By its rules.
  public func hash(into hasher: inout Hasher) {
    for rule in self.rules {
      hasher.combine(rule.range)
      hasher.combine(rule.behaviour)
    }
  }
}

extension SMSCScript.Behaviour {
  fileprivate mutating func read(_ word: String) -> Bool {
    let parts = word.split(separator: "=").map(String.init)
    guard parts.count == 2 else { return false }
    switch (parts[0], parts[1]) {
    case ("answer", let value):
      guard let answer = SMSCScript.Answer(value) else { return false }
      self.answer = answer
    case ("receipt", let value):
      guard let receipt = SMSCScript.Receipt(rawValue: value) else { return false }
      self.receipt = receipt
    case ("delay-ms", let value):
      guard let delay = Int64(value) else { return false }
      self.delayMs = delay
    case ("receipt-ms", let value):
      guard let delay = Int64(value) else { return false }
      self.receiptMs = delay
    default: return false
    }
    return true
  }
}

extension SMSCScript.Answer {
  fileprivate init?(_ text: String) {
    switch text {
    case "ok": self = .ok
    case "throttle": self = .throttle
    case "full": self = .full
    case "none": self = .none
    case "close": self = .close
    case "garbage": self = .garbage
    default:
      guard text.hasPrefix("error:"), let number = UInt32(text.dropFirst(6)) else { return nil }
      self = .error(number)
    }
  }
}
