/// Why a text is not the value it should be: every reason, never only the first.
public struct Defects: Error, Hashable, Sendable {
  /// One or more reasons, in the order the rules are written.
  public let reasons: [DefectReason]

  /// Reasons; at least one.
  public init(_ reasons: [DefectReason]) {
    precondition(!reasons.isEmpty, "defects need a reason")
    self.reasons = reasons
  }
}

/// The defects of a whole form, gathered field by field, so that the answer is complete
/// (Regulation of Residence Permits, Art. 9: told in one go).
public struct DefectList: Hashable, Sendable {
  /// What was found so far, in the order of the form.
  public private(set) var violations: [ServiceError.Violation] = []

  /// Nothing found yet.
  public init() {}

  /// Whether nothing was found.
  public var isEmpty: Bool { self.violations.isEmpty }

  /// Notes a defect at a field, such as `form.applicant.citizen_id`; the same one only once.
  public mutating func add(_ reason: DefectReason, at field: String) {
    let violation = reason.violation(at: field)
    if !self.violations.contains(violation) { self.violations.append(violation) }
  }

  /// Notes several defects at a field.
  public mutating func add(_ reasons: [DefectReason], at field: String) {
    for reason in reasons { self.add(reason, at: field) }
  }

  /// The value, or nil after its defects were noted at the field.
  public mutating func take<Value>(_ result: Result<Value, Defects>, at field: String) -> Value? {
    switch result {
    case .success(let value): return value
    case .failure(let defects):
      self.add(defects.reasons, at: field)
      return nil
    }
  }

  /// Throws everything found as one error; returns if nothing was.
  public func throwIfAny(_ reason: ErrorReason = .formDefective) throws {
    if !self.isEmpty { throw ServiceError(reason, violations: self.violations) }
  }
}
