import Documents
import DomainModel

/// A person as papers show him. Texts are printed as they are.
struct PaperHolder: Hashable, Sendable {
  var name: String
  var sex: Sex
  var ethnicity: String
  var birthOn: CivilDate
  var citizenID: String
  /// 常住户口所在地住址, in full and by name.
  var household: String
  /// nil where the registry holds none.
  var photo: Picture?

}

extension PaperHolder {
  /// The person of an identity card; `household` is its address by name.
  init(_ identity: PersonIdentity, household: String, photo: Picture?) {
    self.init(
      name: identity.name.text, sex: identity.citizenID.sex, ethnicity: identity.ethnicity.name,
      birthOn: identity.citizenID.birthDate, citizenID: identity.citizenID.text,
      household: household, photo: photo)
  }
}

/// A permit as papers show it.
struct PaperPermit: Hashable, Sendable {
  /// Where it stands when the paper is made. One that is lost or cancelled is on no paper.
  enum Status: Hashable, Sendable {
    case valid
    case endorsementWindow
    /// The full year is over, and an endorsement submitted in time is not decided.
    case endorsementPending
    /// From this day.
    case suspended(since: CivilDate)
  }

  var certificateIdentifier: String
  /// 居住地住址, in full and by name.
  var residence: String
  /// 签发机关, its full name.
  var bureau: String
  var term: PermitTerm
  var status: Status
}

extension PaperPermit.Status {
  /// As papers write it.
  var label: String {
    switch self {
    case .valid: PaperLabels.valid
    case .endorsementWindow: PaperLabels.endorsementWindow
    case .endorsementPending: PaperLabels.endorsementPending
    case .suspended: PaperLabels.suspended
    }
  }
}
