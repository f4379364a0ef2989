import DomainModel

/// Rules about the applicant.
extension FormReading {
  /// An applicant submits for himself or for the ward whose guardian he is; who he is, the login
  /// proved.
  func checkSubmitter(_ defects: inout DefectList) {
    guard case .person(let proved, _) = self.context.submitter else { return }
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

  /// The address he lives at, where the kind asks for it.
  func checkResidence(_ defects: inout DefectList) {
    switch self.need(of: .residence) {
    case nil:
      if self.input.residence != AddressInput() {
        defects.add(.fieldNotWanted, at: "form.residence")
      }
    case .optional where self.input.residence == AddressInput(): break
    default: self.check(self.residence, as: .residence, at: "form.residence", &defects)
    }
  }

  /// Where the texts go, where the kind asks for it.
  func checkPhone(_ defects: inout DefectList) {
    let isEmpty = TextRules.isBlank(self.input.phone)
    switch self.need(of: .phone) {
    case nil: if !isEmpty { defects.add(.fieldNotWanted, at: "form.phone") }
    case .optional where isEmpty: break
    default: defects.add(self.phone.reasons, at: "form.phone")
    }
  }

  func checkWorkplace(_ defects: inout DefectList) {
    let field = "form.workplace"
    guard let need = self.need(of: .workplace) else {
      if !self.input.workplace.isEmpty { defects.add(.fieldNotWanted, at: field) }
      return
    }
    defects.add(
      TextRules.defects(
        of: self.input.workplace, charactersMax: FormLimits.workplaceCharactersMax,
        isRequired: need == .required),
      at: field)
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
