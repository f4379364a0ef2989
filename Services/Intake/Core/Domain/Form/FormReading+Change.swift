import DomainModel

/// Rules about what a change reports, who else acts, and what was shown at the counter.
extension FormReading {
  /// The day of the change, which has come (Zhejiang Regulation, Arts. 13 and 19). A late report is
  /// the registry's to flag, and never a defect.
  func checkChangedOn(_ defects: inout DefectList) {
    let field = "form.changed_on"
    let text = self.input.changedOn
    let isEmpty = TextRules.isBlank(text)
    guard let need = self.need(of: .changedOn) else {
      if !isEmpty { defects.add(.fieldNotWanted, at: field) }
      return
    }
    if isEmpty {
      if need == .required { defects.add(.fieldMissing, at: field) }
    } else if let day = CivilDate(iso: text) {
      if day > self.context.today { defects.add(.dateInFuture, at: field) }
    } else {
      defects.add(.dateInvalid, at: field)
    }
  }

  /// Who acts is named, of full age, and another person. Whether he may is a rule of eligibility.
  func checkProxy(_ defects: inout DefectList) {
    guard let proxy = self.input.proxy else {
      if self.need(of: .proxy) == .required { defects.add(.fieldMissing, at: "form.proxy") }
      return
    }
    if self.need(of: .proxy) == nil {
      defects.add(.fieldNotWanted, at: "form.proxy")
      return
    }
    switch proxy.capacity {
    case .missing: defects.add(.fieldMissing, at: "form.proxy.capacity")
    case .unknown: defects.add(.valueUnknown, at: "form.proxy.capacity")
    case .known: break
    }
    let field = "form.proxy.citizen_id"
    defects.add(self.proxyID?.reasons ?? [], at: field)
    defects.add(self.proxyName?.reasons ?? [], at: "form.proxy.name")
    guard let number = self.proxyID?.value else { return }
    if number == self.citizenID.value { defects.add(.proxySamePerson, at: field) }
    let age = number.birthDate.completedYears(until: self.context.today)
    if age < self.context.policy.guardianYearsMin { defects.add(.proxyTooYoung, at: field) }
  }

  func checkShownPaper(_ defects: inout DefectList) {
    let field = "form.shown_paper"
    switch (self.need(of: .shownPaper), self.input.shownPaper) {
    case (nil, .missing), (.optional, .missing), (.some, .known): break
    case (nil, _): defects.add(.fieldNotWanted, at: field)
    case (.some, .missing): defects.add(.fieldMissing, at: field)
    case (.some, .unknown): defects.add(.valueUnknown, at: field)
    }
  }
}
