import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// The proof that an entry stands in the transparency log, with salt and record for those who may
  /// open the leaf.
  func getInclusionProof(
    _ request: RegistryV1.GetInclusionProofRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetInclusionProofResponse {
    var defects = DefectList()
    let size = defects.treeSize(request.treeSize, at: "tree_size", least: 0)
    let key = LeafKey(request.leaf, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let key else { throw ServiceError(.requestInvalid) }
    let found = try await self.store.inclusion(
      of: key, inTreeOf: size, opening: self.leafReach(of: context))
    return RegistryV1.GetInclusionProofResponse(found)
  }

  private func leafReach(of context: CallContext) throws -> LeafReach {
    switch context.reach {
    case .everything: .all
    case .office: .permits(try self.reach(of: context).permits)
    case .published, .adds, .ownAndWards, .submitted, .shown, nil: .certificates
    }
  }
}

extension LeafKey {
  /// Nil once every defect was noted.
  fileprivate init?(
    _ wire: RegistryV1.GetInclusionProofRequest.Leaf?, _ defects: inout DefectList
  ) {
    switch wire {
    case .leafIndex(let index):
      self = .index(defects.treeSize(index, at: "leaf_index", least: 0))
    case .certificateIdentifier(let identifier):
      defects.checkIdentifier(identifier, at: "certificate_identifier")
      self = .newest(of: identifier)
    case .madeCertificateIdentifier(let identifier):
      defects.checkIdentifier(identifier, at: "made_certificate_identifier")
      self = .making(identifier)
    case .entry(let entry):
      defects.check(
        entry.entityID, at: "entry.entity_id", max: TextLimits.referenceCharactersMax)
      let version = defects.treeSize(entry.version, at: "entry.version", least: 1)
      self = .change(LogLine(entity: entry.entityID, version: version))
    case nil:
      defects.add(.fieldMissing, at: "leaf")
      return nil
    }
  }
}
