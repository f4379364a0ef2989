import DomainModel

// What a newly published calendar does to cases that were counted without it.
extension CaseMachine {
  /// Whether a case has a due date that a calendar may move. One whose clocks stand still is
  /// counted anew when they go on.
  func isProvisional(_ file: ApprovalCase) -> Bool {
    file.runningTerms.contains { $0.due.isProvisional }
  }

  /// A case's clocks by the calendar, and what that moves: nothing where no date does, though what
  /// was provisional may no longer be so. Nil where none that runs is provisional.
  func recount(
    _ file: ApprovalCase, at instant: Timestamp
  ) -> (clocks: RunningClocks, event: CaseEvent?)? {
    guard self.isProvisional(file) else { return nil }
    let clocks = self.recounted(file)
    let terms: [(CaseTerm, DueDate?, DueDate?)] = [
      (.guarding, file.clocks.acceptance, clocks.acceptance),
      (.promise, file.clocks.promise, clocks.promise),
      (.statute, file.clocks.statute, clocks.statute),
      (.stage, file.clocks.stage, clocks.stage),
    ]
    let running = Set(file.runningTerms.map(\.term))
    let moves = terms.compactMap { term, from, to -> DueDateMove? in
      guard running.contains(term), let from, let to, from.date != to.date else { return nil }
      return DueDateMove(
        term: term, from: from.date, to: to.date,
        calendarVersion: self.terms.calendar.version,
        rule: self.rule(of: term, in: file, until: max(from.date, to.date)), movedAt: instant)
    }
    return (clocks, moves.isEmpty ? nil : .recounted(moves, clocks: clocks))
  }

  /// The days inside a term that the calendar names, as many as a line holds.
  private func rule(of term: CaseTerm, in file: ApprovalCase, until last: CivilDate) -> String {
    let start =
      switch term {
      case .promise, .statute: file.clocks.acceptedAt.map(CivilDate.init) ?? file.receiptDay
      case .stage: self.stageStart(of: file) ?? file.receiptDay
      case .warning, .guarding, .pause, .supplement: file.receiptDay
      }
    var named: [String] = []
    var date = start
    while date < last, named.count < Self.ruleDaysMax {
      date = date.adding(days: 1)
      switch self.terms.calendar.day(date) {
      case .holiday(let name): named.append("\(date) off \(name)")
      case .makeUp(let name): named.append("\(date) work \(name)")
      case .working, .weekend: break
      }
    }
    return named.joined(separator: ";")
  }

  /// How many days a rule names at most; two weeks off and their make-up days are fewer.
  static let ruleDaysMax = 20
}
