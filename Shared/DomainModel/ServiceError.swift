/// What a caller must be able to tell apart: the one error that crosses a service's border.
///
/// Domain rules, stores and handlers throw it; the RPC layer turns it into a gRPC status with
/// `google.rpc` details and, in the caller's process, back into the same value. Anything else that
/// is thrown becomes `INTERNAL` with its text kept at home.
///
/// `message` is written for the caller and holds no personal data.
public struct ServiceError: Error, Hashable, Sendable {
  /// The gRPC status codes, with the numbers the gRPC project published.
  public enum Code: Int32, Hashable, Sendable, CaseIterable {
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16
  }

  /// One broken rule: which field, which rule, and the sentence in both languages.
  public struct Violation: Hashable, Sendable {
    /// The path of the field from the request's root, such as `form.applicant.citizen_id`.
    public var field: String
    /// The machine code, from the published catalogue.
    public var reason: String
    /// The sentence for English readers.
    public var english: String
    /// The sentence for Chinese readers.
    public var chinese: String

    /// One broken rule.
    public init(field: String, reason: String, english: String, chinese: String) {
      self.field = field
      self.reason = reason
      self.english = english
      self.chinese = chinese
    }
  }

  private struct Facts: Hashable, Sendable {
    var code: Code
    var reason: String
    var message: String
    var violations: [Violation]
    var metadata: [String: String]
    var retryDelayMs: Int64?
  }

  private final class Box: Sendable {
    let facts: Facts

    init(_ facts: Facts) {
      self.facts = facts
    }
  }

  /// One reference, because every call carries room for an error, and few have one.
  private var box: Box
  private var facts: Facts {
    get { self.box.facts }
    set { self.box = Box(newValue) }
  }

  /// An error from a status, for the RPC layer; rules use `init(_:)` with a catalogue entry.
  public init(
    code: Code, reason: String = "", message: String, violations: [Violation] = [],
    metadata: [String: String] = [:], retryDelayMs: Int64? = nil
  ) {
    self.box = Box(
      Facts(
        code: code, reason: reason, message: message, violations: violations, metadata: metadata,
        retryDelayMs: retryDelayMs))
  }

  /// An error of the published catalogue.
  public init(
    _ reason: ErrorReason, violations: [Violation] = [], metadata: [String: String] = [:],
    retryDelayMs: Int64? = nil
  ) {
    self.init(
      code: reason.code, reason: reason.rawValue, message: reason.english, violations: violations,
      metadata: metadata, retryDelayMs: retryDelayMs)
  }

  /// The gRPC status.
  public var code: Code {
    get { self.facts.code }
    set { self.facts.code = newValue }
  }

  /// The machine code, from the published catalogue (`proto/ERRORS.md`); empty if a peer gave none.
  public var reason: String {
    get { self.facts.reason }
    set { self.facts.reason = newValue }
  }

  /// The sentence for English readers; no personal data.
  public var message: String {
    get { self.facts.message }
    set { self.facts.message = newValue }
  }

  /// Every broken rule at once, never only the first (Regulation of Residence Permits, Art. 9).
  public var violations: [Violation] {
    get { self.facts.violations }
    set { self.facts.violations = newValue }
  }

  /// Facts a program needs to act on the error, such as `current_state`.
  public var metadata: [String: String] {
    get { self.facts.metadata }
    set { self.facts.metadata = newValue }
  }

  /// How long to wait before another try, in milliseconds; nil where waiting does not help.
  public var retryDelayMs: Int64? {
    get { self.facts.retryDelayMs }
    set { self.facts.retryDelayMs = newValue }
  }

  /// Whether both say the same.
  public static func == (left: ServiceError, right: ServiceError) -> Bool {
    left.facts == right.facts
  }

  /// Hashes all that it says.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.facts)
  }
}

extension ServiceError: CustomStringConvertible {
  /// All that it says, in one line for a log.
  public var description: String {
    var text = "\(self.code)"
    if !self.reason.isEmpty { text += " \(self.reason)" }
    text += ": \(self.message)"
    for violation in self.violations { text += " [\(violation.field): \(violation.reason)]" }
    for (name, value) in self.metadata.sorted(by: { $0.key < $1.key }) {
      text += " \(name)=\(value)"
    }
    if let delay = self.retryDelayMs { text += " (again in \(delay) ms)" }
    return text
  }
}
