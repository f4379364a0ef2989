import DomainModel
import PermitProof
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// The proof that between two heads the transparency log was only appended to.
  func getConsistencyProof(
    _ request: RegistryV1.GetConsistencyProofRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetConsistencyProofResponse {
    var defects = DefectList()
    let first = defects.treeSize(request.firstTreeSize, at: "first_tree_size", least: 1)
    let second = defects.treeSize(request.secondTreeSize, at: "second_tree_size", least: 0)
    if defects.isEmpty, second != 0, second < first {
      defects.add(.treeSizesReversed, at: "second_tree_size")
    }
    try defects.throwIfAny(.requestInvalid)
    let found = try await self.store.consistency(from: first, to: second)
    return RegistryV1.GetConsistencyProofResponse(
      path: found.proof.hashes.map(\.bytes), first: RegistryV1.TreeHead(found.first),
      second: RegistryV1.TreeHead(found.second))
  }
}
