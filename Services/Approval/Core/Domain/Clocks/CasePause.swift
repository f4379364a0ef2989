import DomainModel

/// A time for which an officer stopped promise and statute (Administrative Licence Law, Art. 45).
struct CasePause: Hashable, Sendable {
  var reason: PauseReason
  var pausedAt: Timestamp
  /// The day by which it is to be over, as the applicant is told.
  var expectedUntil: CivilDate
  var officerID: String
  var officeCode: String
  /// For the file; may be empty.
  var text: String
  /// When the clocks went on; nil while they stand still.
  var resumedAt: Timestamp?

  /// As it stood when it began.
  var begun: CasePause {
    var begun = self
    begun.resumedAt = nil
    return begun
  }
}

/// A time for which promise and statute stood still, as civil days.
struct PausedDays: Hashable, Sendable {
  /// Nil for a supplement.
  var reason: PauseReason?
  /// The first day that does not count.
  var stoppedOn: CivilDate
  /// The first that counts again; nil while they still stand.
  var resumedOn: CivilDate?

  /// The pause, where it is over.
  var ended: Pause? {
    self.resumedOn.flatMap { Pause(stoppedOn: self.stoppedOn, resumedOn: $0) }
  }
}

/// An extension of the statute by a local rule (Decree 663, Art. 9).
struct CaseExtension: Hashable, Sendable {
  /// By how many days: 1 or more.
  var days: Int
  var extendedAt: Timestamp
  var officerID: String
  var officeCode: String
  /// For the file; may be empty.
  var text: String
}

/// What an officer wants to do to the clocks.
struct ClockOrder: Hashable, Sendable {
  /// What can be done.
  enum Deed: Hashable, Sendable {
    /// To stop them; the reason is nil where the request named none that can be.
    case pause(PauseReason?, expectedDays: Int)
    /// To let them go on.
    case resume
    /// To extend the statute.
    case extend(days: Int)
  }

  var deed: Deed
  var officer: Officer
  /// The version the officer read.
  var expectedVersion: Int64
  /// For the file; may be empty.
  var text = ""
  /// Whether the case is about him.
  var isParty = false
}

/// A due date that a newly published calendar moved.
struct DueDateMove: Hashable, Sendable {
  var term: CaseTerm
  var from: CivilDate
  var to: CivilDate
  /// The calendar's version.
  var calendarVersion: String
  /// The days inside the term that the calendar names.
  var rule: String
  var movedAt: Timestamp
}
