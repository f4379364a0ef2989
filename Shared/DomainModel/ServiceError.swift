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

  /// The gRPC status.
  public var code: Code
  /// The machine code, from the published catalogue (`proto/ERRORS.md`); empty if a peer gave none.
  public var reason: String
  /// The sentence for English readers; no personal data.
  public var message: String
  /// Every broken rule at once, never only the first (Regulation of Residence Permits, Art. 9).
  public var violations: [Violation]
  /// Facts a program needs to act on the error, such as `current_state`.
  public var metadata: [String: String]
  /// How long to wait before another try; nil where waiting does not help.
  public var retryDelayMs: Int64?

  /// An error from a status, for the RPC layer; rules use `init(_:)` with a catalogue entry.
  public init(
    code: Code, reason: String = "", message: String, violations: [Violation] = [],
    metadata: [String: String] = [:], retryDelayMs: Int64? = nil
  ) {
    self.code = code
    self.reason = reason
    self.message = message
    self.violations = violations
    self.metadata = metadata
    self.retryDelayMs = retryDelayMs
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
}
