import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// A signed head of the transparency log: the newest one, or that of a size.
  func getTreeHead(
    _ request: RegistryV1.GetTreeHeadRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetTreeHeadResponse {
    var defects = DefectList()
    let size = defects.treeSize(request.treeSize, at: "tree_size", least: 0)
    try defects.throwIfAny(.requestInvalid)
    return RegistryV1.GetTreeHeadResponse(
      head: RegistryV1.TreeHead(try await self.store.treeHead(ofSize: size)))
  }
}
