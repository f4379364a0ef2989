import DomainModel

/// The clocks of a case, as they stand.
struct RunningClocks: Hashable, Sendable {
  /// Until acceptance or once-only notice, from submission or the last supplement before
  /// acceptance.
  var acceptance: DueDate
  /// When the case was accepted, or counts as accepted: on receipt, where the acceptance was signed
  /// after the guard and where one officer decides. Promise and statute run from that day.
  var acceptedAt: Timestamp?
  /// The promise (承诺期限).
  var promise: DueDate?
  /// The statute (法定期限; Zhejiang Regulation, Art. 18).
  var statute: DueDate?
  /// The term of the stage that is under way; nil where only the others bound it.
  var stage: DueDate?

  /// The last day of a term; nil where it does not run, and for those that are not kept here.
  func due(of term: CaseTerm) -> DueDate? {
    switch term {
    case .guarding: self.acceptance
    case .promise: self.promise
    case .statute: self.statute
    case .stage: self.stage
    case .warning, .pause, .supplement: nil
    }
  }
}
