import DomainModel
import PermitProof
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// A part of the signed snapshot of revocations, from a byte on.
  func getRevocationSnapshot(
    _ request: RegistryV1.GetRevocationSnapshotRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetRevocationSnapshotResponse {
    var defects = DefectList()
    if request.atMs < 0 { defects.add(.numberOutOfRange, at: "at_ms") }
    if request.offset < 0 || (request.offset > 0 && request.atMs == 0) {
      defects.add(.numberOutOfRange, at: "offset")
    }
    try defects.throwIfAny(.requestInvalid)
    let kept =
      request.atMs == 0
      ? try await self.snapshots.newest()
      : try self.snapshots.snapshot(at: Timestamp(milliseconds: request.atMs))
    guard request.offset <= kept.bytes.count else {
      defects.add(.numberOutOfRange, at: "offset")
      throw ServiceError(.requestInvalid, violations: defects.violations)
    }
    let part = kept.bytes.dropFirst(Int(request.offset)).prefix(self.snapshots.limits.partBytesMax)
    return RegistryV1.GetRevocationSnapshotResponse(
      data: Array(part), offset: request.offset, sizeBytes: Int64(kept.bytes.count),
      atMs: kept.head.at.milliseconds, nextUpdateAtMs: kept.head.nextUpdateAt.milliseconds,
      count: Int64(kept.count), keyID: kept.head.keyID, publicKeyPem: kept.publicKeyPEM)
  }
}
