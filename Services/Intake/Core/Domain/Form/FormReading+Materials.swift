import DomainModel

/// Rules about what must have been uploaded, as the kind's policy asks for it in the channel: as a
/// rule identity card and photo, a material of each claimed kind of evidence, the guardian's papers
/// for a child (Zhejiang Regulation, Art. 17; Decree 663, Art. 9).
extension FormReading {
  /// Whether a material is asked for of this applicant in this channel.
  private func asks(for material: MaterialKind) -> Bool {
    switch self.context.kind.need(of: material, by: self.context.channel) {
    case .required: true
    case .minor: self.needsGuardian == true
    case .unlessFaceChecked: !self.isFaceChecked
    case .optional, .claimed, nil: false
    }
  }

  /// Whether the login has just checked the applicant's own face: then his card says nothing more.
  private var isFaceChecked: Bool {
    guard case .person(let proved, true) = self.context.submitter, let proved else { return false }
    return proved == self.citizenID.value?.text
  }

  private func check(
    _ material: MaterialKind, _ reason: DefectReason, _ defects: inout DefectList
  ) {
    if self.asks(for: material) && !self.slots.contains(MaterialSlot(material)) {
      defects.add(reason, at: "materials.\(material.name)")
    }
  }

  func checkOwnMaterials(_ defects: inout DefectList) {
    self.check(.idCard, .materialIDCardMissing, &defects)
    self.check(.photo, .materialPhotoMissing, &defects)
    self.check(.kinshipCommitment, .materialMissing, &defects)
    self.check(.correctionProof, .materialMissing, &defects)
  }

  func checkEvidenceMaterials(_ defects: inout DefectList) {
    guard self.context.kind.need(of: .evidence, by: self.context.channel) == .claimed else {
      return
    }
    let isDwellingKnown = self.isDwellingKnown
    for kind in self.claimedEvidence
    where !self.slots.contains(MaterialSlot(.evidence, evidence: kind)) {
      if isDwellingKnown && kind.condition == .dwelling { continue }
      defects.add(.materialEvidenceMissing, at: "materials.evidence.\(kind.name)")
    }
  }

  func checkGuardianMaterials(_ defects: inout DefectList) {
    self.check(.guardianIDCard, .materialGuardianIDMissing, &defects)
    self.check(.guardianshipProof, .materialGuardianshipMissing, &defects)
  }
}
