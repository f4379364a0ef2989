import DomainModel

/// An officer who is away for a time, and who stands in for him.
struct Absence: Hashable, Sendable {
  var officerID: String
  /// 12 digits.
  var officeCode: String
  var from: Timestamp
  var until: Timestamp
  /// Empty where anybody of the office may do what waits for him.
  var delegateID = ""

  /// The longest, in days.
  static let daysMax: Int64 = 366
}

/// Who is there at an instant at the offices that take part in a case, as far as their heads have
/// said so.
struct DeskPeople: Hashable, Sendable {
  /// The officers of each office with the roles in which they sign; an office without a list is one
  /// of which nothing is known.
  var duty: [String: [String: Set<String>]] = [:]
  /// Who is away at that instant.
  var absences: [Absence] = []

  /// How many officers one office's list has at most.
  static let officersMax = 64

  /// Whether an officer of an office is away.
  func isAbsent(_ officerID: String, of office: String) -> Bool {
    self.absence(of: officerID, at: office) != nil
  }

  private func absence(of officerID: String, at office: String) -> Absence? {
    self.absences.first { $0.officerID == officerID && $0.officeCode == office }
  }

  /// Who does in a role what waits for an officer by name: he himself, who stands in for him, or,
  /// nil, anybody of the office. Nothing waits for a person who is away, or whom the office's list
  /// does not have for it.
  func standIn(
    for officerID: String, of office: String, as role: String, unless isBarred: (String) -> Bool
  ) -> String? {
    if self.isThere(officerID, at: office, as: role) { return officerID }
    guard let delegate = self.absence(of: officerID, at: office)?.delegateID, !delegate.isEmpty,
      self.isThere(delegate, at: office, as: role), !isBarred(delegate)
    else { return nil }
    return delegate
  }

  private func isThere(_ officerID: String, at office: String, as role: String) -> Bool {
    guard !self.isAbsent(officerID, of: office) else { return false }
    guard let officers = self.duty[office], !officers.isEmpty else { return true }
    return officers[officerID]?.contains(role) ?? false
  }

  /// Whether an office has somebody who may sign in a role; yes where nothing is known of it.
  func hasAnybody(
    at office: String, for role: String, unless isBarred: (String) -> Bool = { _ in false }
  ) -> Bool {
    guard let officers = self.duty[office], !officers.isEmpty else { return true }
    return officers.keys.contains { officer in
      !isBarred(officer) && self.isThere(officer, at: office, as: role)
    }
  }
}
