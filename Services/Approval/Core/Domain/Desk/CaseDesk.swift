import DomainModel

/// Who works on a case, beside what the case is. None of it is a step of the case in law, so none
/// of it raises the version: a claim is a promise between officers.
struct CaseDesk: Hashable, Sendable {
  /// One officer's claim, for a bounded time.
  struct Hold: Hashable, Sendable {
    var officerID: String
    /// 12 digits.
    var officeCode: String
    /// From this instant on it is over.
    var until: Timestamp
  }

  /// The number of the last claim, rising with each; 0 before the first.
  var claimNumber: Int64 = 0
  /// The last claim, also once its time is over; nil where it was given back or has led to an
  /// opinion.
  var hold: Hold?
  /// To whom the office's head has given the case for its present stage; empty where to nobody.
  var assignee = ""
  /// Set where the case is in the green channel (绿色通道).
  var green: GreenChannel?
  /// Who keeps out of the case for good (回避).
  var recused: Set<String> = []

  /// Who holds the case at an instant.
  func holder(at now: Timestamp) -> Hold? { self.hold.flatMap { now < $0.until ? $0 : nil } }

  /// The desk once a stage is done: nobody holds it, and it is given to nobody by name. The green
  /// channel and those who keep out stay.
  var cleared: CaseDesk {
    var next = self
    next.hold = nil
    next.assignee = ""
    return next
  }
}

/// A case that is to be decided before others (绿色通道, 立等可取: 浙公办〔2022〕11号, 三(二)).
struct GreenChannel: Hashable, Sendable {
  /// A word of the policy's catalogue.
  var reason: String
  /// Until when, counted in office hours.
  var dueAt: Timestamp
}

extension ApprovalCase {
  /// The instant until which an officer has to do something: the earliest due date that runs, or
  /// the green channel's own time before it. Nil where no clock runs.
  var workDueAt: Timestamp? {
    let due = self.nextDue?.instant
    guard self.workStage != nil, self.state.isUndecided, self.openPause == nil,
      let green = self.desk.green
    else { return due }
    return due.map { min($0, green.dueAt) } ?? green.dueAt
  }

  /// Whether an officer cannot sign the present stage whatever else holds: he keeps out of the
  /// case, or has signed it in another role.
  func isBarred(_ officerID: String) -> Bool {
    let role = self.workStage?.role
    return self.desk.recused.contains(officerID)
      || self.opinions.contains { $0.officerID == officerID && $0.stage.role != role }
  }

  /// Whom the case waits for by name: to whom it is assigned, and after a refused issue who
  /// decided. Empty where any officer of the office may do it.
  var namedOfficer: String {
    if self.workStage == nil { return "" }
    if !self.desk.assignee.isEmpty { return self.desk.assignee }
    return self.state == .issueRefused ? self.decision?.officerID ?? "" : ""
  }
}
