import DomainModel

/// How an application comes to its effect. The region's policy says it by the kind's stages.
enum Road: Hashable, Sendable {
  /// Three officers decide (受理, 审核, 审批), and the registry carries it out.
  case decided
  /// One officer confirms it.
  case confirmed
  /// Nobody decides: the registry carries it out at once.
  case atOnce

  /// The road of a kind.
  init(_ kind: KindPolicy) {
    self =
      switch kind.signedStages {
      case []: .atOnce
      case [.confirm]: .confirmed
      default: .decided
      }
  }

  /// Whether officers look at it: then there is a case.
  var hasCase: Bool { self != .atOnce }
}
