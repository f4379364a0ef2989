import DomainModel

/// Rules about the guardian: asked for where the applicant is under 16, not wanted where he is not
/// (Decree 663, Art. 9).
extension FormReading {
  func checkGuardianPresence(_ defects: inout DefectList) {
    guard let isNeeded = self.needsGuardian else { return }
    if isNeeded && self.input.guardian == nil { defects.add(.guardianMissing, at: "form.guardian") }
    if !isNeeded && self.input.guardian != nil { defects.add(.fieldNotWanted, at: "form.guardian") }
  }

  func checkGuardianIdentity(_ defects: inout DefectList) {
    guard let guardian = self.input.guardian else { return }
    defects.add(self.guardianID?.reasons ?? [], at: "form.guardian.citizen_id")
    defects.add(self.guardianName?.reasons ?? [], at: "form.guardian.name")
    switch guardian.relation {
    case .missing: defects.add(.fieldMissing, at: "form.guardian.relation")
    case .unknown: defects.add(.valueUnknown, at: "form.guardian.relation")
    case .known: break
    }
  }

  func checkGuardianFitness(_ defects: inout DefectList) {
    guard let guardian = self.guardianID?.value else { return }
    let field = "form.guardian.citizen_id"
    if guardian == self.citizenID.value { defects.add(.guardianSamePerson, at: field) }
    let age = guardian.birthDate.completedYears(until: self.context.today)
    if age < self.context.policy.guardianYearsMin {
      defects.add(.guardianTooYoung, at: field)
    }
  }
}
