import DomainModel

/// What has happened to a permit since it was issued, as far as it bears on its state and on what
/// may be done with it.
struct PermitStanding: Hashable, Sendable {
  /// 挂失 since; nil where it is not lost.
  var lostSince: Timestamp?
  /// The endorsement that is applied for and not decided.
  var pending: PendingEndorsement?
  /// The day on which the last application in time for endorsement ended without one: suspension
  /// runs from the later of it and the anniversary (rules, Registry), so that what was verified
  /// meanwhile stays true.
  var pendingEndedOn: CivilDate?
  /// The first day of the suspension that has been written down; nil where there is none, or the
  /// timer has not run yet.
  var suspensionNotedFrom: CivilDate?
  /// Days of suspensions that have ended. They do not count as residence.
  var suspendedDays = 0
  /// Court orders that hold it, by their numbers, in the order in which they came.
  var holds: [String] = []
  /// 注销; nil while the permit lives.
  var cancellation: Cancellation?
  /// When the holder took it into 我的证照 for the first time.
  var loadedAt: Timestamp?
  /// When the holder was erased (个人信息保护法 Art. 47); nil where he was not.
  var erasedAt: Timestamp?

  /// How many court orders may hold one permit at a time.
  static let holdsMax = 16
}

/// An endorsement that is applied for.
struct PendingEndorsement: Hashable, Sendable {
  let applicationID: String
  /// The day of submission: it decides whether the endorsement is in time (rules, Registry).
  let submittedOn: CivilDate
}

/// How an endorsement that was applied for ended, where it was not granted.
enum PendingOutcome: String, Hashable, Sendable, CaseIterable {
  /// 不予签注 (Zhejiang Regulation, Art. 19)
  case refused
  /// The applicant took it back.
  case withdrawn
  /// A supplement was not given in its term.
  case lapsed
  /// The permit ended first, by a fact of the holder's life; never told by anybody.
  case overtaken
}

/// Why and when a permit was cancelled.
struct Cancellation: Hashable, Sendable {
  let reason: CancelReason
  let at: Timestamp
}

/// Why a permit is cancelled (注销). The Zhejiang Regulation lists no grounds; these are those of
/// the texts that do.
enum CancelReason: String, Hashable, Sendable, CaseIterable {
  /// 互认转换: the earlier permit of a holder who has a new one.
  case converted
  /// 本人申请
  case ownRequest = "own_request"
  /// 骗领: obtained by deception (Zhejiang Regulation, Art. 36).
  case fraud
  /// 准予有误: issued in error (Administrative Licensing Law, Art. 69).
  case issuedInError = "issued_in_error"
  /// 死亡 (Hangzhou Regulation, Art. 21)
  case death
  /// 转为本地户籍 (Hangzhou Regulation, Art. 21)
  case localHukou = "local_hukou"
  /// 不再符合条件 (Hangzhou Regulation, Art. 21)
  case conditionsLost = "conditions_lost"

  /// A fact of life: no court order stays it.
  var isFactOfLife: Bool { self == .death || self == .localHukou }
}
