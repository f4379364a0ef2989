/// Where an application stands. The raw value is what stands in the database and in
/// `current_state`.
enum ApplicationState: String, Hashable, Sendable, CaseIterable {
  /// 草稿: being filled in; may become `submitted`.
  case draft
  /// 已提交: received (收件); may become `supplementNeeded`, `accepted` or `notAccepted`.
  case submitted
  /// 待补正: a once-only notice is out; goes back to where it came from with the supplement.
  case supplementNeeded = "supplement_needed"
  /// 已受理: may become `supplementNeeded`, `refused` or `completed`.
  case accepted
  /// 不予受理: final.
  case notAccepted = "not_accepted"
  /// 不通过: final.
  case refused
  /// 办结: final.
  case completed
  /// 已撤回: final.
  case withdrawn
  /// 终止: closed without a decision; final.
  case closed

  /// Nothing changes any more.
  var isFinal: Bool {
    switch self {
    case .notAccepted, .refused, .completed, .withdrawn, .closed: true
    case .draft, .submitted, .supplementNeeded, .accepted: false
    }
  }

  /// In progress with the authorities: what stands against it cannot be submitted meanwhile.
  var isOpen: Bool { self != .draft && !self.isFinal }

  /// The states in progress.
  static let open = Self.allCases.filter(\.isOpen)
}
