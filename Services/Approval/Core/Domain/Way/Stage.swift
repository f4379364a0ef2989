import DomainModel

/// A stage of a case, as the region's policy orders them. Three opinions are signed by three
/// officers (经办三岗; the form of the Suichang plan carries three separate dated opinions); where one
/// officer decides there is one. The other stages have terms and no opinion: that they are done is
/// noted by the counter.
enum Stage: String, Hashable, Sendable, CaseIterable {
  /// 受理, at the residence police station or the approval-centre window.
  case accept
  /// 审核, at the same office.
  case review
  /// 审批, at the county-level bureau.
  case approve
  /// 确认: one officer takes it up and decides, where three opinions are not asked for.
  case confirm
  /// 转递: the papers go to the office that reviews.
  case forward
  /// 制证: the card is made.
  case make
  /// 通知领证
  case notify

  /// The stage of the policy.
  init(_ step: CaseStage.Step) {
    switch step {
    case .accept: self = .accept
    case .review: self = .review
    case .approve: self = .approve
    case .confirm: self = .confirm
    case .forward: self = .forward
    case .make: self = .make
    case .notify: self = .notify
    }
  }

  /// The role an officer must have to sign here; the same word as in `Caller.role`. Nobody signs in
  /// two roles, so each opinion has one of its own.
  var role: String {
    switch self {
    case .accept, .forward, .make, .notify: "accept"
    case .review: "review"
    case .approve: "approve"
    case .confirm: "confirm"
    }
  }

  /// Whether an officer gives an opinion here; elsewhere it is only noted that it is done.
  var hasOpinion: Bool {
    switch self {
    case .accept, .review, .approve, .confirm: true
    case .forward, .make, .notify: false
    }
  }

  /// Whether the opinion given here is the decision.
  var decides: Bool { self == .approve || self == .confirm }

  /// Whether it comes after the decision has taken effect.
  var followsEffect: Bool { self == .make || self == .notify }

  /// What can be decided here. The approver asks for nothing more: that is the reviewer's.
  var decisions: Set<Decision> {
    switch self {
    case .accept, .review, .confirm: [.pass, .supplement, .refuse]
    case .approve: [.pass, .refuse]
    case .forward, .make, .notify: [.pass]
    }
  }

  /// The place in the order of the stages of one round, from 0.
  var order: Int {
    switch self {
    case .accept, .confirm: 0
    case .forward: 1
    case .review: 2
    case .approve: 3
    case .make: 4
    case .notify: 5
    }
  }
}

/// What an officer decides.
enum Decision: String, Hashable, Sendable, CaseIterable {
  /// Accept: 受理. Review: 审核同意. Approve: 审批同意. Confirm: 确认. Elsewhere: it is done.
  case pass
  /// 一次性告知; never at the stage approve.
  case supplement
  /// Accept and confirm: 不予受理. Review: advises against. Approve: 不通过.
  case refuse
}
