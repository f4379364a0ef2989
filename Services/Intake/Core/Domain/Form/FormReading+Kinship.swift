import DomainModel

/// Rules about 亲属关系承诺书, which is signed by assent: it stands in the form and counts as the
/// material. Wanted only where the kind takes that material.
extension FormReading {
  /// The most characters of what the relative is to the applicant.
  private static let relationCharactersMax = 20

  func checkKinship(_ defects: inout DefectList) {
    guard let kinship = self.input.kinship else { return }
    let field = "form.kinship"
    if self.context.kind.need(of: .kinshipCommitment, by: self.context.channel) == nil {
      defects.add(.fieldNotWanted, at: field)
      return
    }
    let relative = CitizenID.check(
      kinship.relativeID, on: self.context.today, from: CitizenID.anyOrigin)
    defects.add(relative.reasons, at: "\(field).relative_citizen_id")
    if let relative = relative.value, relative == self.citizenID.value {
      defects.add(.relativeSamePerson, at: "\(field).relative_citizen_id")
    }
    defects.add(PersonName.check(kinship.relativeName).reasons, at: "\(field).relative_name")
    defects.add(
      TextRules.defects(of: kinship.relation, charactersMax: Self.relationCharactersMax),
      at: "\(field).relation")
    if !kinship.isAssented { defects.add(.commitmentNotAssented, at: "\(field).assented") }
    if kinship.textVersion != self.context.policy.materials.kinshipTextVersion {
      defects.add(.noticeVersionUnknown, at: "\(field).text_version")
    }
  }
}
