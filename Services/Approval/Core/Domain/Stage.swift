/// The three stages of a case, each signed by another officer (经办三岗; the form of the Suichang plan
/// carries three separate dated opinions).
enum Stage: String, Hashable, Sendable, CaseIterable {
  /// 受理, at the residence police station or the approval-centre window.
  case accept
  /// 审核, at the same office.
  case review
  /// 审批, at the county-level bureau.
  case approve

  /// The role an officer must have to sign here; the same word as in `Caller.role`.
  var role: String { self.rawValue }
}

/// What an officer decides.
enum Decision: String, Hashable, Sendable, CaseIterable {
  /// Accept: 受理. Review: 审核同意. Approve: 审批同意.
  case pass
  /// 一次性告知; never at the stage approve.
  case supplement
  /// Accept: 不予受理. Review: advises against. Approve: 不通过.
  case refuse
}

extension Stage {
  /// The place in the order of the stages, from 0.
  var order: Int {
    switch self {
    case .accept: 0
    case .review: 1
    case .approve: 2
    }
  }
}
