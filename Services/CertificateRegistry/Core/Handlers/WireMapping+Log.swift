import DomainModel
import PermitProof
import ServiceCore
import Wire

extension RegistryV1.TreeHead {
  init(_ kept: KeptHead) {
    let head = kept.signed.head
    self.init(
      head: head.canonicalBytes, signature: kept.signed.signature, keyID: head.keyID,
      publicKeyPem: kept.publicKeyPEM, logID: head.logID, treeSize: Int64(head.size),
      root: head.root.bytes, atMs: head.at.milliseconds)
  }
}

extension RegistryV1.GetInclusionProofResponse {
  init(_ proof: LeafProof) {
    self.init(
      leafIndex: Int64(proof.path.index), leafHash: proof.leaf.bytes,
      path: proof.path.hashes.map(\.bytes), head: RegistryV1.TreeHead(proof.head))
    guard let opened = proof.opened else { return }
    self.record = opened.record.canonicalBytes
    self.salt = opened.salt.bytes
    self.proof = opened.canonicalBytes
  }
}

extension RegistryV1.Change {
  init(_ leaf: LoggedLeaf) {
    self.init(
      leafIndex: Int64(leaf.index), leafHash: leaf.hash.bytes, entityKind: leaf.kind,
      entityID: leaf.line.entity, entityVersion: Int64(leaf.line.version), action: leaf.action,
      atMs: leaf.at.milliseconds, certificateIdentifier: leaf.certificateIdentifier ?? "",
      divisionCode: leaf.divisionCode, record: leaf.record)
  }
}

extension DefectList {
  /// A number of leaves, or a leaf's index, within bounds.
  mutating func treeSize(_ number: Int64, at field: String, least: Int64) -> Int {
    if !(least...Int64(TreeSize.leavesMax)).contains(number) {
      self.add(.numberOutOfRange, at: field)
    }
    return Int(number)
  }
}
