import DomainModel
import PermitProof
import ServiceCore
import Storage

/// Who may open a leaf, so that he is told its salt and its record.
enum LeafReach: Hashable, Sendable {
  /// Any leaf.
  case all
  /// What is said about permits of these bureaus, to whoever names a certificate.
  case permits(OfficeReach)
  /// What made a certificate, to whoever names it: that proves its document.
  case certificates
}

extension RegistryStore {
  /// A head of the log. Throws what `LogTable.head` does.
  func treeHead(ofSize size: Int) async throws -> KeptHead {
    try await self.read { try self.log.head($0, ofSize: size) }
  }

  /// The proof that an entry stands in the log. Throws what `LogTable.inclusion` does, and
  /// `OFFICER_WRONG_OFFICE` for a certificate that an officer does not reach.
  func inclusion(
    of key: LeafKey, inTreeOf size: Int, opening reach: LeafReach
  ) async throws -> LeafProof {
    try await self.read { snapshot in
      let opens = try self.opens(snapshot, key, reach)
      return try self.log.inclusion(snapshot, of: key, inTreeOf: size, opens: opens)
    }
  }

  /// The proof that the log was only appended to. Throws what `LogTable.consistency` does.
  func consistency(
    from first: Int, to second: Int
  ) async throws -> (proof: ConsistencyProof, first: KeptHead, second: KeptHead) {
    try await self.read { try self.log.consistency($0, from: first, to: second) }
  }

  /// Whether a caller is told salt and record. A salt lets one try what a digest is of, so it goes
  /// only to those who may know that anyway.
  private func opens(
    _ snapshot: Snapshot, _ key: LeafKey, _ reach: LeafReach
  ) throws -> Bool {
    switch (key, reach) {
    case (_, .all), (.making, .certificates): return true
    case (.newest(let identifier), .permits(let offices)),
      (.making(let identifier), .permits(let offices)):
      if try self.permits.find(snapshot, identifier: identifier, within: offices) != nil {
        return true
      }
      try self.refuseHidden(snapshot, identifier: identifier, within: offices)
      return false
    case (.newest, .certificates), (.index, _), (.change, _): return false
    }
  }
}
