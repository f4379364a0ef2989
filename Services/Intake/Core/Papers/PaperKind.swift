/// The papers of an application.
enum PaperKind: Hashable, Sendable {
  /// 申请表
  case form
  /// 收件回执
  case receipt
  /// 受理回执
  case acceptance
  /// 一次性告知书 of a round; nil for the last.
  case notice(round: Int32?)
  /// 不予受理决定书
  case nonAcceptance
  /// 不予通过决定书
  case refusal
  /// 亲属关系承诺书
  case kinship
  /// 注销决定书
  case cancellation
}
