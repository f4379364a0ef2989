import DomainModel

/// A person's assent to an application, as an integrator recorded it.
struct RecordedAssent: Hashable, Sendable {
  /// How he assented. The raw value is the number in the published contract.
  enum Means: Int32, Hashable, Sendable, CaseIterable {
    /// After his face was checked.
    case faceCheck = 1
    /// He signed.
    case signature = 2
    /// Logged in under his real name.
    case login = 3
  }

  /// The most characters of a record's number and of a notice's version.
  static let recordCharactersMax = 64

  let noticeVersion: String
  let assentedAt: Timestamp
  let means: Means
  /// The number of the integrator's own record of it.
  let record: String

  /// The notice that was read, and when the commitment was given.
  var commitment: Commitment {
    Commitment(noticeVersion: self.noticeVersion, assentedAt: self.assentedAt)
  }
}

/// An assent as the caller wrote it.
struct AssentInput: Hashable, Sendable {
  var citizenID = ""
  var noticeVersion = ""
  var assentedAt = Timestamp(milliseconds: 0)
  var means = Choice<RecordedAssent.Means>.missing
  var record = ""

  /// The assent to a draft, or `REQUEST_INVALID` with everything that is wrong with it: it is the
  /// applicant's or, of a child, the guardian's whom the form names, and was not given before there
  /// was a draft.
  func checked(to draft: Application, at now: Timestamp) throws -> RecordedAssent {
    var defects = DefectList()
    let (today, form) = (CivilDate(of: now), draft.form?.input ?? FormInput())
    let own = CitizenID.check(self.citizenID, on: today, from: CitizenID.anyOrigin)
    let applicant = CitizenID.check(form.applicant.citizenID, on: today, from: CitizenID.anyOrigin)
    let mayAssent = [applicant.value, form.guardianID(on: today)].compactMap(\.self)
    if let assenting = defects.take(own, at: "assent.citizen_id"), !mayAssent.contains(assenting) {
      defects.add(.assentOfAnother, at: "assent.citizen_id")
    }
    let most = RecordedAssent.recordCharactersMax
    defects.add(
      TextRules.defects(of: self.noticeVersion, charactersMax: most), at: "assent.notice_version")
    defects.add(TextRules.defects(of: self.record, charactersMax: most), at: "assent.record")
    if self.assentedAt > now { defects.add(.dateInFuture, at: "assent.assented_at_ms") }
    if self.assentedAt < draft.createdAt {
      defects.add(.instantTooEarly, at: "assent.assented_at_ms")
    }
    let means = defects.take(self.means.checked, at: "assent.means")
    try defects.throwIfAny(.requestInvalid)
    guard let means else { throw ServiceError(.requestInvalid) }
    return RecordedAssent(
      noticeVersion: self.noticeVersion, assentedAt: self.assentedAt, means: means,
      record: self.record)
  }
}
