import DomainModel

/// Rules about what must have been uploaded: identity card and photo always, a material of each
/// claimed kind of evidence, the guardian's papers for a child (Zhejiang Regulation, Art. 17;
/// Decree 663, Art. 9).
extension FormReading {
  func checkOwnMaterials(_ defects: inout DefectList) {
    if !self.slots.contains(MaterialSlot(.idCard)) {
      defects.add(.materialIDCardMissing, at: "materials.id_card")
    }
    if !self.slots.contains(MaterialSlot(.photo)) {
      defects.add(.materialPhotoMissing, at: "materials.photo")
    }
  }

  func checkEvidenceMaterials(_ defects: inout DefectList) {
    for kind in self.claimedEvidence
    where !self.slots.contains(MaterialSlot(.evidence, evidence: kind)) {
      defects.add(.materialEvidenceMissing, at: "materials.evidence.\(kind.name)")
    }
  }

  func checkGuardianMaterials(_ defects: inout DefectList) {
    guard self.needsGuardian == true else { return }
    if !self.slots.contains(MaterialSlot(.guardianIDCard)) {
      defects.add(.materialGuardianIDMissing, at: "materials.guardian_id_card")
    }
    if !self.slots.contains(MaterialSlot(.guardianshipProof)) {
      defects.add(.materialGuardianshipMissing, at: "materials.guardianship_proof")
    }
  }
}
