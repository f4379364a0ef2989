import Crypto
import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// Streams a material: what it is, then its bytes, piece by piece. The bytes are hashed on the
  /// way, and a stream whose hash is not the material's does not end with OK.
  func downloadMaterial(
    _ request: IntakeV1.DownloadMaterialRequest,
    _ responses: ResponseWriter<IntakeV1.DownloadMaterialResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    let material = try await self.store.material(
      ID(request.materialID), of: ID(request.applicationID),
      within: Reach(of: context, among: self.region.offices))
    try self.downloads.take(for: caller)
    defer { self.downloads.giveBack(by: caller) }
    try await responses.write(.init(part: .material(.init(material))))
    let digest = try RunningDigest(.sha256)
    var (number, sent) = (0, 0)
    while sent < material.sizeBytes {
      // It may have been replaced meanwhile.
      guard let piece = try await self.store.piece(number, of: material.bytesID) else {
        throw ServiceError(.materialNotFound)
      }
      var rest = piece[...]
      while !rest.isEmpty {
        let chunk = Array(rest.prefix(UploadLimits.chunkBytesMax))
        try digest.update(chunk)
        try await responses.write(.init(part: .chunk(chunk)))
        rest = rest.dropFirst(chunk.count)
      }
      (number, sent) = (number + 1, sent + piece.count)
    }
    guard try digest.finish() == material.sha256 else {
      throw UnusableData("the bytes of material \(material.id) are not what was uploaded")
    }
  }
}
