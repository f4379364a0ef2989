import DomainModel

/// In which states a permit takes a command, and by what rule it does not in others.
enum PermitRule {
  /// The states that take the command.
  static func states(taking command: PermitCommand) -> Set<PermitState> {
    let inUse: Set<PermitState> = [.valid, .endorsementWindow, .suspended]
    switch command {
    case .endorse, .changeAddress, .correct, .notePending, .load, .reportLoss: return inUse
    case .withdrawLoss: return [.lost]
    case .noteSuspension, .removePhone: return Set(PermitState.allCases)
    case .reinstate: return [.cancelled]
    case .cancel(.converted): return inUse
    case .changeContact, .endPending, .cancel, .placeHold, .releaseHold, .renumber:
      return inUse.union([.lost])
    }
  }

  /// Whether a court's order stays the command (rules, Approval: an order puts a hold on a permit).
  /// What protects the holder, and what merely notes a fact, goes on.
  static func isStayedByHold(_ command: PermitCommand) -> Bool {
    switch command {
    case .endorse, .changeAddress, .correct, .reinstate: true
    case .cancel(let reason): !reason.isFactOfLife
    case .changeContact, .reportLoss, .withdrawLoss, .notePending, .endPending, .noteSuspension,
      .placeHold, .releaseHold, .load, .renumber, .removePhone:
      false
    }
  }

  /// The rule that a refused command would break, by article where there is one.
  static func ground(of command: PermitCommand) -> String {
    switch command {
    case .endorse, .notePending, .endPending, .noteSuspension:
      "浙江省流动人口居住登记条例 Art. 19"
    case .changeAddress, .changeContact: "浙江省流动人口居住登记条例 Arts. 13 and 19"
    case .correct: "杭州市流动人口服务管理规定 Art. 18"
    case .reportLoss, .withdrawLoss: "居住证暂行条例 Art. 11"
    case .cancel: "行政许可法 Art. 70"
    case .reinstate: "行政复议法; 行政诉讼法"
    case .placeHold, .releaseHold: "this project: rules on approval"
    case .load, .renumber, .removePhone: "this project: rules on the registry"
    }
  }
}
