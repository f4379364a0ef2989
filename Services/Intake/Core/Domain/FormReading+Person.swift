import DomainModel

/// Rules about the applicant.
extension FormReading {
  /// An applicant submits for himself or for the ward whose guardian he is; who he is, the login
  /// proved.
  func checkSubmitter(_ defects: inout DefectList) {
    guard case .person(let proved) = self.context.submitter else { return }
    let field = "form.applicant.citizen_id"
    // An unreadable number is another rule's defect; whose it is cannot be said.
    guard let applicant = self.citizenID.value else { return }
    let own = proved.flatMap {
      CitizenID.check($0, on: self.context.today, from: CitizenID.anyOrigin).value
    }
    let guardian = self.needsGuardian == true ? self.guardianID?.value : nil
    if own == nil || (own != applicant && own != guardian) {
      defects.add(.applicantNotCaller, at: field)
    }
  }

  func checkSex(_ defects: inout DefectList) {
    let field = "form.applicant.sex"
    switch self.input.applicant.sex {
    case .missing: defects.add(.fieldMissing, at: field)
    case .unknown: defects.add(.valueUnknown, at: field)
    case .known(let sex):
      if let id = self.citizenID.value, id.sex != sex { defects.add(.sexNotMatchingID, at: field) }
    }
  }

  func check(
    _ address: Address, as use: Address.Use, at field: String, _ defects: inout DefectList
  ) {
    address.check(
      as: use, in: self.context.divisions, on: self.context.today, field: field, into: &defects)
  }

  func checkWorkplace(_ defects: inout DefectList) {
    defects.add(
      TextRules.defects(
        of: self.input.workplace, charactersMax: FormLimits.workplaceCharactersMax,
        isRequired: false),
      at: "form.workplace")
  }

  func checkCommitment(_ defects: inout DefectList) {
    guard let commitment = self.commitment else {
      defects.add(.commitmentNotAssented, at: "commitment.assented")
      return
    }
    if commitment.noticeVersion != self.context.policy.noticeVersion {
      defects.add(.noticeVersionUnknown, at: "commitment.notice_version")
    }
  }
}
