import DomainModel
import Wire

/// What the header promises of a material.
struct AnnouncedMaterial: Sendable {
  let slot: MaterialSlot
  let sizeBytes: Int
  let sha256: [UInt8]
  /// Which byte the first chunk begins with.
  let fromByte: Int

  /// Reads the header; throws `MATERIAL_DEFECTIVE` with everything that is wrong with it.
  init(_ header: IntakeV1.UploadHeader) throws {
    var defects = DefectList()
    let kind = defects.take(MaterialKind.chosen(header.kind), at: "header.kind")
    let evidence = Choice<EvidenceKind>(header.evidence)
    switch (kind, evidence) {
    case (.evidence, .missing): defects.add(.fieldMissing, at: "header.evidence")
    case (.evidence, .unknown): defects.add(.valueUnknown, at: "header.evidence")
    case (nil, _), (.evidence, .known), (_, .missing): break
    case (_, .unknown), (_, .known): defects.add(.fieldNotWanted, at: "header.evidence")
    }
    if header.sizeBytes <= 0 { defects.add(.materialEmpty, at: "header.size_bytes") }
    if header.sizeBytes > UploadLimits.materialBytesMax {
      defects.add(.materialTooBig, at: "header.size_bytes")
    }
    if header.sha256.count != UploadLimits.hashBytes {
      defects.add(.materialHashMismatch, at: "header.sha256")
    }
    if !(0...max(0, header.sizeBytes)).contains(header.fromByte) {
      defects.add(.numberOutOfRange, at: "header.from_byte")
    }
    try defects.throwIfAny(.materialDefective)
    guard let kind else { throw ServiceError(.materialDefective) }
    self.slot = MaterialSlot(kind, evidence: evidence.value)
    self.sizeBytes = Int(header.sizeBytes)
    self.sha256 = header.sha256
    self.fromByte = Int(header.fromByte)
  }
}

extension MaterialSlot {
  /// Notes what keeps bytes of a type and, for a picture, of a size from standing here.
  func check(
    _ mediaType: MediaType, _ picture: PictureSize?, sizeBytes: Int64, by photo: PhotoRules,
    _ defects: inout DefectList
  ) {
    if !self.mediaTypes.contains(mediaType) {
      defects.add(.materialTypeNotAllowed, at: "chunk")
    } else if self.kind == .photo {
      photo.check(picture, sizeBytes: sizeBytes, &defects)
    }
  }
}
