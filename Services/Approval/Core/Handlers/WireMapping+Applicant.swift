import DomainModel
import Wire

// Who a case is about, as its papers say.

extension CaseFile {
  /// When the applicant was born; nil where nobody can say, as once he is erased.
  var applicantBirthDate: CivilDate? {
    get throws { try ModelV1.ApplicationForm(wireBytes: self.form).applicantBirthDate }
  }
}

extension ModelV1.ApplicationForm {
  /// When the applicant was born, by his number; nil where that says nothing.
  var applicantBirthDate: CivilDate? {
    let number = CitizenID.check(
      self.applicant?.citizenID ?? "", on: .latest, from: CitizenID.anyOrigin)
    return try? number.get().birthDate
  }
}
