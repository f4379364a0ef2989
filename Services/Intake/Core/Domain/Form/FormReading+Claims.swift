import DomainModel

/// Rules about the conditions and what is shown for them (Zhejiang Regulation, Arts. 16 and 17).
extension FormReading {
  func checkClaims(_ defects: inout DefectList) {
    let claims = self.input.claims
    let need = self.need(of: .claims)
    if need == nil {
      if !claims.isEmpty { defects.add(.fieldNotWanted, at: "form.claims") }
      return
    }
    if claims.isEmpty && need == .required { defects.add(.conditionMissing, at: "form.claims") }
    if claims.count > FormLimits.claimsMax { defects.add(.numberOutOfRange, at: "form.claims") }
    var seen: Set<Condition> = []
    for (index, claim) in claims.enumerated() {
      let field = "form.claims[\(index)].condition"
      switch claim.condition {
      case .missing: defects.add(.fieldMissing, at: field)
      case .unknown: defects.add(.valueUnknown, at: field)
      case .known(let condition):
        if !seen.insert(condition).inserted { defects.add(.conditionRepeated, at: field) }
        if self.context.kind.evidence(of: condition) == nil {
          defects.add(.conditionNotOffered, at: field)
        }
      }
    }
  }

  func checkEvidence(_ defects: inout DefectList) {
    if self.need(of: .claims) == nil { return }
    for (index, claim) in self.input.claims.enumerated() {
      let field = "form.claims[\(index)].evidence"
      let isKnown = claim.condition.value == .dwelling && self.isDwellingKnown
      if claim.evidence.isEmpty && !isKnown {
        // A talents' claim by a tick alone lifts nothing (rules: 认定文件 or the county's list).
        let isTalent = claim.condition.value == .talent
        defects.add(isTalent ? .exemptionEvidenceMissing : .evidenceMissing, at: field)
      }
      if claim.evidence.count > FormLimits.evidencePerClaimMax {
        defects.add(.numberOutOfRange, at: field)
      }
      for (position, choice) in claim.evidence.enumerated() {
        self.check(choice, of: claim.condition.value, at: "\(field)[\(position)]", &defects)
      }
    }
  }

  private func check(
    _ choice: Choice<EvidenceKind>, of condition: Condition?, at field: String,
    _ defects: inout DefectList
  ) {
    switch choice {
    case .missing: defects.add(.fieldMissing, at: field)
    case .unknown: defects.add(.valueUnknown, at: field)
    case .known(let kind):
      guard let condition else { break }
      if kind.condition != condition {
        defects.add(.evidenceNotOfCondition, at: field)
      } else if self.context.kind.evidence(of: condition)?.contains(kind) == false {
        defects.add(.evidenceNotTaken, at: field)
      }
    }
  }

  /// The evidence that is claimed for the condition it belongs to.
  var claimedEvidence: [EvidenceKind] {
    var kinds: [EvidenceKind] = []
    for claim in self.input.claims {
      for kind in claim.evidence.compactMap(\.value)
      where kind.condition == claim.condition.value && !kinds.contains(kind) {
        kinds.append(kind)
      }
    }
    return kinds
  }
}
